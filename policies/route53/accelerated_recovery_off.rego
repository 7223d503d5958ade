# METADATA
# title: Public zone cannot be changed while us-east-1 is down
# description: |
#   Route 53 answers queries all over the world, but takes changes in one Region. While us-east-1 is down, a failover
#   that somebody makes by changing a record has to wait for its end. With accelerated recovery, changes are possible
#   again after about an hour, in us-west-2. What has to be faster must not need a change: failover records with health
#   checks, or routing controls.
#
#   Public zones in the partition `aws` are judged, because AWS offers this for no others. A zone without records of
#   its own has nothing to change. A zone where it is being switched on, or could not be switched off, is unknown, and
#   so is one of which the list of zones does not say. General workloads can wait.
# scope: package
# related_resources:
# - description: Enabling accelerated recovery for managing public DNS records
#   ref: https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/accelerated-recovery.html
# - description: HostedZoneFeatures
#   ref: https://docs.aws.amazon.com/Route53/latest/APIReference/API_HostedZoneFeatures.html
# custom:
#   severity:
#     mission-critical: medium
#     business-critical: low
#     general: none
#     non-production: none
#   concern: failover
#   scenarios: [control-plane]
#   resource_types: [AWS::Route53::HostedZone]
#   requires: [route53:ListHostedZones]
#   controls:
#     aws-well-architected: [REL11-BP04]
#     nist-800-53: [SI-13(5)]
#     iso-22301: [8.3.5]
#     dora: [11(2)]
#     soc2: [A1.2]
#   practices: [failover-without-control-plane]
#   remediation:
#   - argv:
#     - aws
#     - route53
#     - update-hosted-zone-features
#     - --hosted-zone-id={{params.zone_id}}
#     - --enable-accelerated-recovery
#     effect: >-
#       Route 53 keeps a copy of the zone in us-west-2, which takes up to some hours; at the end it takes no changes
#       for some minutes. Zones are switched one at a time, and one that has it cannot be deleted
#     risk: review
#     undo:
#     - aws
#     - route53
#     - update-hosted-zone-features
#     - --hosted-zone-id={{params.zone_id}}
#     - --no-enable-accelerated-recovery
#     verify:
#     - aws
#     - route53
#     - get-hosted-zone
#     - --id={{params.zone_id}}
#     - --query=HostedZone.Features.AcceleratedRecoveryStatus
#     cost: none
#   since: 0.1.0
package hadr.route53.accelerated_recovery_off

_zones := [zone |
	some zone in input.resources["AWS::Route53::HostedZone"]
	zone.attributes.private_zone != true
	startswith(zone.arn, "arn:aws:")
	not _is_empty(zone)
]

# There are only the records of its name servers and of its authority, which every zone has.
_is_empty(zone) if {
	is_number(zone.attributes.resource_record_set_count)
	zone.attributes.resource_record_set_count <= 2
}

subjects contains zone.arn if {
	some zone in _zones
}

_not_on := [zone | some zone in _zones; zone.attributes.accelerated_recovery_status != "ENABLED"]

unknowns contains zone.arn if {
	some zone in _not_on
	not _is_off(zone)
}

# Nobody knows whether this is one that can have it.
unknowns contains zone.arn if {
	some zone in _zones
	zone.attributes.private_zone == null
}

violations contains violation if {
	some zone in _not_on
	_is_off(zone)
	status := zone.attributes.accelerated_recovery_status
	violation := {
		"resource": zone.arn,
		"message": sprintf("%s cannot be changed while us-east-1 is down: accelerated recovery is %s", [
			zone.name,
			status,
		]),
		"evidence": {"private_zone": false, "accelerated_recovery_status": status},
		"params": {"zone_id": split(zone.arn, "/")[1]},
	}
}

# It is off, will be, or did not come on.
_is_off(zone) if {
	zone.attributes.private_zone == false
	zone.attributes.accelerated_recovery_status in {
		"DISABLED", "DISABLING", "DISABLING_HOSTED_ZONE_LOCKED", "ENABLE_FAILED",
	}
}
