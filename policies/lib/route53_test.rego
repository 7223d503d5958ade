package hadr.lib.route53_test

import data.hadr.lib.route53
import data.hadr.lib.test_route53 as dns

test_names_of_load_balancers if {
	route53.load_balancer("orders-1.eu-west-1.elb.amazonaws.com") == {"family": "application", "region": "eu-west-1"}
	route53.load_balancer("orders-1.elb.eu-west-1.amazonaws.com") == {"family": "network", "region": "eu-west-1"}
	route53.load_balancer("orders-1.elb.cn-north-1.amazonaws.com.cn") == {"family": "network", "region": "cn-north-1"}
	not route53.load_balancer("d111111abcdef8.cloudfront.net")
	not route53.load_balancer("www.example.com")
}

test_regions_of_what_leads_to_load_balancers_only if {
	route53.regions(dns.primary(dns.alias({}))) == {"eu-west-1"}
	not route53.regions(dns.primary({}))
}

test_the_label_tells_records_of_a_name_apart if {
	route53.label(dns.record("blue", {})) == "www.example.com A (blue)"
	route53.label(dns.record("blue", {"set_identifier": null})) == "www.example.com A"
}
