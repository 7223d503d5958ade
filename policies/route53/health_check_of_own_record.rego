# METADATA
# title: Health check asks for the name whose record it decides
# description: |
#   A health check by name resolves the name for each check. Where that name is the one whose record the check
#   decides, it looks at the secondary after a failover, finds it healthy, and brings the broken primary back: the
#   record goes back and forth.
#
#   Names that lead to the record by an alias or a CNAME in the zones that were collected are followed. A health
#   check with an address asks that address, and only names the host in the request. A calculated check is judged by
#   the checks that it looks at one level down.
# scope: package
# related_resources:
# - description: How Amazon Route 53 chooses records when health checking is configured
#   ref: https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/health-checks-how-route-53-chooses-records.html
# - description: Values for health checks
#   ref: https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/health-checks-creating-values.html
# custom:
#   severity:
#     mission-critical: critical
#     business-critical: high
#     general: medium
#     non-production: none
#   concern: failover
#   scenarios: [region]
#   resource_types: [AWS::Route53::RecordSet]
#   requires: [route53:ListHostedZones, route53:ListResourceRecordSets, route53:ListHealthChecks]
#   controls:
#     aws-well-architected: [REL11-BP01, REL11-BP02]
#     nist-800-53: [SI-13(5)]
#     iso-22301: [8.3.5]
#     dora: [10(1)]
#     soc2: [A1.2]
#   practices: [health-check-of-the-service]
#   remediation:
#   - argv:
#     - aws
#     - route53
#     - update-health-check
#     - --health-check-id={{params.health_check_id}}
#     - --fully-qualified-domain-name={{choose.endpoint}}
#     effect: >-
#       the check asks the endpoint itself, such as the load balancer by its own name; the endpoint has to have a
#       certificate for that name if the check looks at it, and answer requests for it
#     risk: review
#     undo:
#     - aws
#     - route53
#     - update-health-check
#     - --health-check-id={{params.health_check_id}}
#     - --fully-qualified-domain-name={{params.present_domain}}
#     verify:
#     - aws
#     - route53
#     - get-health-check
#     - --health-check-id={{params.health_check_id}}
#     - --query=HealthCheck.HealthCheckConfig.FullyQualifiedDomainName
#     cost: none
#   since: 0.1.0
package hadr.route53.health_check_of_own_record

import data.hadr.lib.route53

_checked := [record |
	some record in input.resources["AWS::Route53::RecordSet"]
	record.attributes.routing_policy != "simple"
	record.attributes.health_check != null
]

subjects contains record.arn if {
	some record in _checked
}

unknowns contains record.arn if {
	some record in _checked
	route53.is_check_missing(record)
}

violations contains violation if {
	some record in _checked
	some check in _checks(record)
	check.attributes.ip_address == null
	domain := check.attributes.fully_qualified_domain_name
	_is_own_name(record, domain)
	violation := {
		"resource": record.arn,
		"message": sprintf("%s is decided by a health check that asks for %s", [route53.label(record), domain]),
		"evidence": {"health_check": check.name, "fully_qualified_domain_name": domain},
		"params": {"health_check_id": check.name, "present_domain": domain},
		"discriminator": check.name,
	}
}

# The check of the record, and the children of a calculated one.
_checks(record) := [input.by_arn[arn] |
	some arn in array.concat(
		[record.attributes.health_check],
		[child | some child in input.relations.checked_by[record.attributes.health_check]],
	)
]

_is_own_name(record, domain) if domain == record.name

_is_own_name(record, domain) if [record.arn, domain] in _leading

# Record sets with the names that lead to them.
_leading := {[end, from.name] |
	some from in input.resources["AWS::Route53::RecordSet"]
	some end in input.relations.routes_to[from.arn]
}
