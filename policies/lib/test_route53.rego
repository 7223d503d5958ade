# METADATA
# description: Zones, record sets and health checks for the tests of policies, as `hadr.lib.test` has the rest.
package hadr.lib.test_route53

import data.hadr.lib.test

zone_arn := "arn:aws:route53:::hostedzone/Z1"

health_check_arn(id) := sprintf("arn:aws:route53:::healthcheck/%s", [id])

# The ARN of a record set of `www.example.com`.
record_arn(identifier) := sprintf("%s/recordset/www.example.com/A/%s", [zone_arn, identifier])

zone(attributes) := _global(test.resource(
	"AWS::Route53::HostedZone",
	zone_arn,
	"example.com",
	object.union({"private_zone": false, "resource_record_set_count": 4}, attributes),
))

# A zone whose record sets could not all be listed.
partial_zone := object.union(
	zone({}),
	{"gaps": [{"operation": "route53:ListResourceRecordSets", "outcome": "denied", "code": "AccessDenied"}]},
)

health_check(id, attributes) := _global(test.resource(
	"AWS::Route53::HealthCheck",
	health_check_arn(id),
	id,
	object.union(_health_check, attributes),
))

_health_check := {
	"check_type": "HTTPS",
	"ip_address": null,
	"fully_qualified_domain_name": "orders-1.eu-west-1.elb.amazonaws.com",
	"port": 443,
	"request_interval": 10,
	"failure_threshold": 3,
	"inverted": false,
	"disabled": false,
	"enable_sni": true,
	"regions": [],
	"child_health_checks": [],
	"health_threshold": null,
	"alarm": null,
	"insufficient_data_health_status": null,
	"routing_control_arn": null,
	"linked_service": null,
}

# A record set of `www.example.com` with an address and nothing else.
record(identifier, attributes) := _global(test.resource(
	"AWS::Route53::RecordSet",
	record_arn(identifier),
	"www.example.com",
	object.union(object.union(_record, {"set_identifier": identifier}), attributes),
))

_record := {
	"hosted_zone": zone_arn,
	"record_type": "A",
	"routing_policy": "simple",
	"failover": null,
	"weight": null,
	"latency_region": null,
	"geo_location": null,
	"health_check": null,
	"alias_target": null,
	"ttl": 60,
	"values": ["192.0.2.1"],
	"traffic_policy_instance_id": null,
}

# What a failover record has.
primary(attributes) := record(
	"primary",
	object.union({"routing_policy": "failover", "failover": "PRIMARY"}, attributes),
)

secondary(attributes) := record(
	"secondary",
	object.union({"routing_policy": "failover", "failover": "SECONDARY", "values": ["198.51.100.1"]}, attributes),
)

weighted(identifier, attributes) := record(
	identifier,
	object.union({"routing_policy": "weighted", "weight": 1, "values": [identifier]}, attributes),
)

# Has the check of that id.
checked_by(id) := {"health_check": health_check_arn(id)}

# Is an alias of a load balancer in Ireland.
alias(settings) := {
	"ttl": null,
	"values": [],
	"alias_target": object.union(
		{
			"dns_name": "orders-1.eu-west-1.elb.amazonaws.com",
			"hosted_zone_id": "Z32O12XQLNTSW2",
			"evaluate_target_health": true,
		},
		settings,
	),
}

alias_in(region) := alias({"dns_name": sprintf("orders-1.%s.elb.amazonaws.com", [region])})

# The input with these resources in a zone that is listed, and the relations that the index derives.
input_of(resources) := input_in(zone({}), resources)

input_in(a_zone, resources) := test.input_with(array.concat([a_zone], resources), {
	"coverage": {
		"route53:ListHealthChecks": {"global": "collected"},
		"route53:ListHostedZones": {"global": "collected"},
		"route53:ListResourceRecordSets": {"global": "collected"},
	},
	"relations": {
		"alternative_to": {one.arn: others |
			some one in resources
			one.type == "AWS::Route53::RecordSet"
			others := [other.arn | some other in resources; other.type == one.type; other.arn != one.arn]
			count(others) > 0
		},
		"checked_by": {one.arn: [one.attributes.health_check] |
			some one in resources
			is_string(object.get(one.attributes, "health_check", null))
		},
	},
})

_global(entry) := object.union(entry, {"region": "global"})
