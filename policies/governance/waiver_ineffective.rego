# METADATA
# title: Waiver accepts a risk without an end, without an owner, or not any more
# description: |
#   A waiver says that someone accepts a risk until a day. One that has expired, or that has no last day or no owner,
#   does not apply: what it was meant to accept is reported again, and nobody looks after it. One that runs for longer
#   than the policy allows is not looked at again in time.
#
#   The account is judged if the configuration has waivers, at the instant of the snapshot. There is no command that
#   mends it: change the waiver in `hadr-scan.toml`, by giving it an owner and a last day after a new decision, or
#   remove it and mend what it accepted. Nothing stays unknown here.
# scope: package
# related_resources:
# - description: Plan for Disaster Recovery, in the reliability pillar of the AWS Well-Architected Framework
#   ref: https://docs.aws.amazon.com/wellarchitected/latest/reliability-pillar/plan-for-disaster-recovery-dr.html
# custom:
#   severity:
#     mission-critical: medium
#     business-critical: medium
#     general: low
#     non-production: none
#   concern: governance
#   scenarios: []
#   resource_types: [AWS::Account]
#   requires: []
#   parameters:
#     maximum_days:
#       default: 180
#       description: Days from the snapshot to the last day of a waiver, at most.
#   controls:
#     aws-well-architected: [REL13-BP01]
#     iso-22301: [8.2.3]
#     soc2: [CC9.1]
#   practices: [accepted-risks-end]
#   since: 0.1.0
package hadr.governance.waiver_ineffective

_maximum := data.parameters["governance-waiver-ineffective"].maximum_days

subjects contains input.account.arn if {
	count(input.config.waivers) > 0
}

violations contains violation if {
	some waiver in input.config.waivers
	faults := _faults(waiver)
	count(faults) > 0
	violation := {
		"resource": input.account.arn,
		"message": concat(" ", [_waiver(waiver), concat(" and ", faults)]),
		"evidence": {
			"policy": waiver.policy,
			"resource": waiver.resource,
			"owner": waiver.owner,
			"expires": waiver.expires,
			"maximum_days": _maximum,
		},
		"discriminator": _identity(waiver),
	}
}

_waiver(waiver) := sprintf("%s has a waiver of %s for %s that", [
	input.account.name,
	waiver.policy,
	waiver.resource,
])

# What is wrong with a waiver, in the order in which it is said.
_faults(waiver) := [fault |
	some found in [_expired(waiver), _endless(waiver), _long(waiver), _unowned(waiver)]
	some fault in found
]

# A waiver applies up to the end of its last day, and not at the instant at which that has come.
_expired(waiver) := ["has expired"] if {
	is_number(waiver.remaining)
	waiver.remaining <= 0
} else := []

_endless(waiver) := ["has no last day"] if {
	waiver.remaining == null
} else := []

# The last day itself comes on top, since `remaining` counts up to its end.
_long(waiver) := [sprintf("runs for more than %d days", [_maximum])] if {
	is_number(waiver.remaining)
	waiver.remaining > (_maximum + 1) * 86400
} else := []

_unowned(waiver) := ["has no owner"] if {
	waiver.owner == ""
} else := []

# A waiver that was renewed beside the old one is another waiver.
_identity(waiver) := sprintf("%s %s %s", [waiver.policy, waiver.resource, waiver.expires]) if {
	is_string(waiver.expires)
} else := sprintf("%s %s", [waiver.policy, waiver.resource])
