# METADATA
# description: What several policies ask about record sets, where they lead and what tells that they work.
package hadr.lib.route53

# Route 53 answers with a primary while it is healthy.
primaries := [record |
	some record in input.resources["AWS::Route53::RecordSet"]
	record.attributes.failover == "PRIMARY"
]

# Several of a name are answered at once, by share, distance or place. One of weight zero is not, while another can be.
active_records := [record |
	some record in input.resources["AWS::Route53::RecordSet"]
	not record.attributes.routing_policy in {"simple", "failover"}
	record.attributes.weight != 0
]

# The other record sets of the name and type.
alternatives(record) := [input.by_arn[arn] | some arn in input.relations.alternative_to[record.arn]]

# Nothing tells Route 53 that the record does not work: it has no health check, and does not ask the target.
has_no_signal(record) if {
	record.attributes.health_check == null
	not asks_target(record)
}

# An alias that is unhealthy while its target is.
asks_target(record) if record.attributes.alias_target.evaluate_target_health == true

# The record names a health check that is not in the account, and perhaps nowhere.
is_check_missing(record) if {
	is_string(record.attributes.health_check)
	not input.by_arn[record.attributes.health_check]
}

# All record sets of the zone were listed.
is_zone_listed(record) if not record.attributes.hosted_zone in partial_zones

# Zones of which some record sets are not known.
partial_zones := {zone.arn |
	some zone in input.resources["AWS::Route53::HostedZone"]
	some gap in zone.gaps
	gap.operation == "route53:ListResourceRecordSets"
}

# Names and addresses that the record leads to.
targets(record) := {record.attributes.alias_target.dns_name} if record.attributes.alias_target != null

targets(record) := {value | some value in record.attributes.values} if record.attributes.alias_target == null

# Kind and Region of a load balancer, by its name: `NAME.REGION.elb.amazonaws.com` is an Application or a Classic Load
# Balancer, `NAME.elb.REGION.amazonaws.com` a Network Load Balancer. The names of others are not defined here.
load_balancer(name) := {"family": "application", "region": parts[1]} if {
	parts := split(name, ".")
	parts[2] == "elb"
	parts[3] == "amazonaws"
}

load_balancer(name) := {"family": "network", "region": parts[2]} if {
	parts := split(name, ".")
	parts[1] == "elb"
	parts[3] == "amazonaws"
}

# Regions of the load balancers that a record leads to. Where it leads to anything else, they are not defined.
regions(record) := found if {
	names := targets(record)
	balancers := {name: load_balancer(name) | some name in names}
	count(balancers) == count(names)
	found := {balancer.region | some balancer in balancers}
}

# Id of the zone of a record, for commands.
zone_id(record) := split(record.attributes.hosted_zone, "/")[1]

# The record in words, after its name: an account has many of one name.
label(record) := sprintf("%s %s", [record.name, record.attributes.record_type]) if {
	record.attributes.set_identifier == null
} else := sprintf("%s %s (%s)", [record.name, record.attributes.record_type, record.attributes.set_identifier])
