package hadr.route53.no_failover_routing_test

import data.hadr.lib.test
import data.hadr.lib.test_compute as aws
import data.hadr.lib.test_route53 as dns
import data.hadr.route53.no_failover_routing as policy

_violated(document) := {violation.resource | some violation in policy.violations with input as document}

_unknown(document) := {arn | some arn in policy.unknowns with input as document}

_www := {dns.record_arn("www")}

_of(workload, entry) := test.with_members(entry, {"workload": {"value": workload, "source": "tag hadr:workload"}})

# A simple record of the workload.
_record(identifier, settings) := _of("shop", dns.record(identifier, object.union({"set_identifier": null}, settings)))

_alias := _record("www", dns.alias({}))

_here := _of("shop", aws.load_balancer("web", {}))

_there := _of("shop", test.moved_to(aws.load_balancer("web", {}), "eu-central-1"))

_calls := {
	"ec2:DescribeInstances", "autoscaling:DescribeAutoScalingGroups", "elasticloadbalancing:DescribeLoadBalancers",
	"elasticloadbalancing:DescribeClassicLoadBalancers",
}

_collected := {call: {region: "collected" | some region in ["eu-central-1", "eu-west-1", "us-west-1"]} |
	some call in _calls
}

# Record sets and compute, and where the record sets lead, by ARN.
_input(resources, routes) := _input_in(dns.zone({}), resources, routes, {})

_input_in(zone, resources, routes, parts) := object.union_n([
	dns.input_in(zone, resources),
	{"coverage": _collected, "relations": {"routes_to": routes}},
	parts,
])

_to_here := {dns.record_arn("www"): [_here.arn]}

test_violated_where_the_name_leads_to_one_region_of_two if {
	document := _input([_alias, _here, _there], _to_here)
	_violated(document) == _www
	_unknown(document) == set()
}

test_message_names_the_regions if {
	document := _input([_alias, _here, _there], _to_here)
	some violation in policy.violations with input as document
	violation.message == "www.example.com A leads to eu-west-1 alone, and shop runs in eu-central-1, eu-west-1"
	violation.evidence == {
		"routing_policy": "simple",
		"targets": ["orders-1.eu-west-1.elb.amazonaws.com"],
		"region": "eu-west-1",
		"workload": "shop",
		"workload_regions": ["eu-central-1", "eu-west-1"],
	}
	violation.params == {"zone_id": "Z1", "record_type": "A"}
}

test_violated_whatever_runs_in_the_other_region if {
	every compute in [aws.instance("i-1", {}), aws.group("web", {}), aws.classic_load_balancer("old", {})] {
		elsewhere := _of("shop", test.moved_to(compute, "eu-central-1"))
		_violated(_input([_alias, _here, elsewhere], _to_here)) == _www
	}
}

test_violated_where_the_name_leads_to_addresses_of_instances if {
	instance := _of("shop", aws.instance("i-1", {"public_ip_addresses": ["192.0.2.1"]}))
	document := _input([_record("www", {}), instance, _there], {})
	_violated(document) == _www
	some violation in policy.violations with input as document
	violation.evidence.targets == ["192.0.2.1"]
	violation.evidence.region == "eu-west-1"
}

test_satisfied_where_the_addresses_are_in_two_regions if {
	here := _of("shop", aws.instance("i-1", {"public_ip_addresses": ["192.0.2.1"]}))
	there := aws.instance("i-2", {"public_ip_addresses": ["198.51.100.1"]})
	resources := [here, _of("shop", test.moved_to(there, "eu-central-1"))]
	record := _record("www", {"values": ["192.0.2.1", "198.51.100.1"]})
	document := _input(array.concat(resources, [record]), {})
	policy.subjects == _www with input as document
	_violated(document) == set()
	_unknown(document) == set()
}

# What lies behind CloudFront and Global Accelerator was not collected.
test_unknown_where_a_name_of_the_workload_leads_to_a_front if {
	every name in ["d111111abcdef8.cloudfront.net", "a1234567890abcdef.awsglobalaccelerator.com"] {
		front := _record("front", dns.alias({"dns_name": name}))
		document := _input([_alias, front, _here, _there], _to_here)
		policy.subjects == _www with input as document
		_unknown(document) == _www
		_violated(document) == set()
	}
}

test_violated_where_the_front_is_of_another_workload if {
	front := _of("blog", _record("front", dns.alias({"dns_name": "d111111abcdef8.cloudfront.net"})))
	_violated(_input([_alias, front, _here, _there], _to_here)) == _www
}

test_unknown_where_records_or_the_kind_of_the_zone_are_not_known if {
	every zone in [dns.partial_zone, dns.zone({"private_zone": null})] {
		document := _input_in(zone, [_alias, _here, _there], _to_here, {})
		_unknown(document) == _www
		_violated(document) == set()
	}
}

# The workload may run elsewhere, or the load balancer was not listed.
test_unknown_where_compute_was_not_listed if {
	every call in _calls {
		denied := {"coverage": {call: {"eu-central-1": "denied"}}}
		seen := _input_in(dns.zone({}), [_alias, _here], _to_here, denied)
		unseen := _input_in(dns.zone({}), [_alias], {}, denied)
		every document in [seen, unseen] {
			policy.subjects == _www with input as document
			_unknown(document) == _www
			_violated(document) == set()
		}
	}
}

# Other routing, a name of one Region, and an address, which may be of anything.
test_not_applicable_to_other_records_where_compute_was_not_listed if {
	denied := {"coverage": {"ec2:DescribeInstances": {"eu-central-1": "denied"}}}
	weighted := _of("shop", dns.weighted("www", dns.alias({})))
	every record in [weighted, _record("www", {})] {
		policy.subjects == set() with input as _input_in(dns.zone({}), [record], {}, denied)
	}
	primary := _of("shop", dns.primary(dns.alias({})))
	routes := object.union(_to_here, {dns.record_arn("primary"): [_here.arn]})
	policy.subjects == set() with input as _input_in(dns.zone({}), [_alias, primary, _here], routes, denied)
}

# What is seen suffices, whatever else there is.
test_violated_all_the_same_where_some_compute_was_not_listed if {
	denied := {"coverage": {"ec2:DescribeInstances": {"us-west-1": "denied"}}}
	_violated(_input_in(dns.zone({}), [_alias, _here, _there], _to_here, denied)) == _www
}

test_nothing_is_missing_in_a_region_that_is_disabled if {
	disabled := {"coverage": {call: {"us-west-1": "region_disabled"} | some call in _calls}}
	policy.subjects == set() with input as _input_in(dns.zone({}), [_alias, _here], _to_here, disabled)
}

# A name of one Region beside one that fails over: the other leads to the same place, or to this name.
test_not_applicable_where_another_name_fails_over_to_the_same_place if {
	primary := _of("shop", dns.primary(dns.alias({})))
	balancer := object.union(_to_here, {dns.record_arn("primary"): [_here.arn]})
	name := object.union(_to_here, {dns.record_arn("primary"): [dns.record_arn("www")]})
	every routes in [balancer, name] {
		policy.subjects == set() with input as _input([_alias, primary, _here, _there], routes)
	}
	instance := _of("shop", aws.instance("i-1", {"public_ip_addresses": ["192.0.2.1"]}))
	addresses := [_record("www", {}), _of("shop", dns.primary({})), instance, _there]
	policy.subjects == set() with input as _input(addresses, {})
}

test_violated_where_another_name_fails_over_elsewhere if {
	primary := _of("shop", dns.primary(dns.alias({})))
	other := aws.load_balancer("other", {})
	routes := object.union(_to_here, {dns.record_arn("primary"): [other.arn]})
	_violated(_input([_alias, primary, other, _here, _there], routes)) == _www
}

test_not_applicable_to_workloads_in_one_region_or_none if {
	policy.subjects == set() with input as _input([_alias, _here], _to_here)
	other := _of("blog", _there)
	policy.subjects == set() with input as _input([_alias, _here, other], _to_here)
	nobodys := _of(null, _alias)
	policy.subjects == set() with input as _input([nobodys, _of(null, _here), _of(null, _there)], _to_here)
}

test_not_applicable_in_private_zones if {
	zone := dns.zone({"private_zone": true})
	policy.subjects == set() with input as _input_in(zone, [_alias, _here, _there], _to_here, {})
}

test_not_applicable_to_other_routing_and_other_types if {
	weighted := _of("shop", dns.weighted("www", dns.alias({})))
	mail := _record("www", {"record_type": "MX", "values": []})
	every record in [weighted, mail] {
		policy.subjects == set() with input as _input([record, _here, _there], _to_here)
	}
}

# Another record, addresses that not all are of instances, a load balancer of somebody else, and a bucket.
test_not_applicable_to_what_leads_elsewhere if {
	app := _of(null, _record("app", dns.alias({})))
	every chain in [[_here.arn, app.arn], [app.arn]] {
		policy.subjects == set() with input as _input([_alias, app, _here, _there], {dns.record_arn("www"): chain})
	}
	instance := _of("shop", aws.instance("i-1", {"public_ip_addresses": ["192.0.2.1"]}))
	both := _record("www", {"values": ["192.0.2.1", "192.0.2.2"]})
	policy.subjects == set() with input as _input([both, instance, _there], {})
	policy.subjects == set() with input as _input([_record("www", {}), _here, _there], {})
	policy.subjects == set() with input as _input([_alias, _here, _there], {})
	bucket := _record("www", dns.alias({"dns_name": "s3-website-eu-west-1.amazonaws.com"}))
	policy.subjects == set() with input as _input([bucket, _here, _there], {})
}
