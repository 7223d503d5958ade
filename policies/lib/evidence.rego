# METADATA
# description: |
#   What evidence says of the drills of a workload, and when its absence says something. Times are seconds.
package hadr.lib.evidence

# The steps of a drill, in order.
steps := [
	"primary-stopped", "traffic-moved", "database-promoted", "application-checked", "data-compared", "rolled-back",
]

# The drills of a workload within that time, newest first.
drills(workload, seconds) := [record |
	some record in input.evidence.records
	record.kind == "drill"
	record.workload == workload.name
	record.age <= seconds
]

# The steps that evidence of any kind proves for a workload within that time, in order. Somebody's word proves none.
proven(workload, seconds) := [step |
	all := steps
	proofs := {proof |
		some record in input.evidence.records
		record.workload == workload.name
		record.strength != "D"
		record.age <= seconds
		some proof in record.steps
	}
	some step in all
	step in proofs
]

# Whether a drill within that time would be known: people write theirs down, or a ledger has watched for so long; and no
# service that could tell of one has refused to.
is_complete(seconds) if {
	count(input.evidence.unseen) == 0
	_is_watched(seconds)
}

_is_watched(_) if input.evidence.is_attested == true

_is_watched(seconds) if {
	is_number(input.evidence.watched)
	input.evidence.watched >= seconds
}
