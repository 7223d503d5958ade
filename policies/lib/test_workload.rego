# METADATA
# description: |
#   Workloads and evidence of drills for the tests of policies, as `hadr.lib.test` has the rest. A workload says what is
#   promised for it, and nothing has been tried yet.
package hadr.lib.test_workload

import data.hadr.lib.test

_day := 86400

arn(name) := sprintf("arn:aws:hadr-scan::%s:workload/%s", [test.account, name])

# A mission-critical workload in production, with what it promises. Members that are given replace those made here.
workload(name, members) := object.union(
	{
		"arn": arn(name),
		"name": name,
		"tier": {"value": "mission-critical", "source": "tag hadr:tier"},
		"environment": {"value": "production", "source": "default"},
		"criticality": "mission-critical",
		"resources": [],
		"regions": [test.region],
		"rto": said(3600),
		"rpo": said(900),
		"strategy_rank": null,
		"accepted": false,
	},
	members,
)

# Members of a workload of another criticality, which in production is the tier.
of_tier(tier) := {"tier": {"value": tier, "source": "tag hadr:tier"}, "criticality": tier}

# An objective that tags say.
said(seconds) := {"value": seconds, "source": "tag of orders", "implied": false, "differing": []}

# An objective that only the tier says.
implied(seconds) := {"value": seconds, "source": "tier", "implied": true, "differing": []}

# An objective of which several values are said, the first of them in effect.
differing(values) := {
	"value": values[0],
	"source": "tag of orders",
	"implied": false,
	"differing": [{"value": value, "source": "tag of orders"} | some value in values],
}

# A piece of evidence of so many days ago that people attest with a report, of the workload `shop`.
attested(kind, days, settings) := object.union(
	{
		"kind": kind,
		"workload": "shop",
		"resource": null,
		"age": days * _day,
		"strength": "C",
		"steps": [],
		"rto": null,
		"rpo": null,
		"people": ["ada"],
		"source": sprintf("attestations/%s-%d.toml", [kind, days]),
	},
	settings,
)

# A drill of so many days ago with all its steps.
drill(days, settings) := attested("drill", days, object.union({"steps": _steps}, settings))

_steps := [
	"primary-stopped", "traffic-moved", "database-promoted", "application-checked", "data-compared", "rolled-back",
]

# A restore by AWS Backup of so many days ago, of a resource of the workload `shop`.
restored(resource_arn, days, settings) := attested("restore", days, object.union(
	{
		"resource": resource_arn,
		"strength": "B",
		"people": [],
		"source": sprintf("arn:aws:backup:%s:%s:restore-job:%d", [test.region, test.account, days]),
	},
	settings,
))

# What the evidence is where nobody keeps any, and these records are what services remember. It is a function like all
# else here: a test that takes anything but a function from an imported package loses the functions of that package.
unkept(records) := {"records": records, "unusable": [], "watched": null, "is_attested": false, "unseen": []}

# The same where attestations are kept.
kept(records) := object.union(unkept(records), {"is_attested": true})

# The same where a ledger has watched for so many days.
watched(days, records) := object.union(unkept(records), {"watched": days * _day})

# The input with these workloads, resources and evidence, where tags were collected.
input_with(workloads, resources, evidence) := test.input_with(resources, {
	"workloads": {each.arn: each | some each in workloads},
	"evidence": evidence,
	"coverage": {"tag:GetResources": {
		region: "collected" |
		some region in ["eu-central-1", "eu-west-1", "us-west-1", "global"]
	}},
})
