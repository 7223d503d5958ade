# METADATA
# title: Standby in another Availability Zone is scheduled but not there
# description: |
#   Until the maintenance window, a failure of the zone or the host means a restore from a backup, although the
#   setting has been changed and the console shows the change.
#
#   Standalone instances are judged that have a standby or wait for one. What has neither, and what could not have
#   one, is not: `rds-instance-single-az` is about that.
# scope: package
# related_resources:
# - description: Using the schedule modifications setting of Amazon RDS
#   ref: https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_ModifyInstance.ApplyImmediately.html
# custom:
#   severity:
#     mission-critical: info
#     business-critical: info
#     general: info
#     non-production: none
#   concern: redundancy
#   scenarios: [instance, zone]
#   resource_types: [AWS::RDS::DBInstance]
#   requires: [rds:DescribeDBInstances]
#   controls:
#     aws-well-architected: [REL10-BP01, REL11-BP02]
#     nist-800-53: [SC-36, SI-13(5)]
#     iso-22301: [8.3.5]
#     dora: [11(5), 12(4)]
#     soc2: [A1.2]
#   practices: [databases-in-several-zones]
#   remediation:
#   - argv:
#     - aws
#     - rds
#     - modify-db-instance
#     - --db-instance-identifier={{name}}
#     - --multi-az
#     - --apply-immediately
#     - --region={{region}}
#     effect: >-
#       RDS makes the standby now, and applies whatever else waits for the maintenance window, which may restart the
#       instance; writes are slower while the standby catches up
#     risk: review
#     undo:
#     - aws
#     - rds
#     - modify-db-instance
#     - --db-instance-identifier={{name}}
#     - --no-multi-az
#     - --apply-immediately
#     - --region={{region}}
#     verify:
#     - aws
#     - rds
#     - describe-db-instances
#     - --db-instance-identifier={{name}}
#     - --query=DBInstances[0].[MultiAZ,PendingModifiedValues]
#     - --region={{region}}
#     cost: instance and storage are billed twice, as they will be after the window
#   since: 0.1.0
package hadr.rds.instance_standby_pending

import data.hadr.lib.rds.standby_capable

# Instances that have their standby, or may have it.
_served := [instance |
	some instance in standby_capable
	instance.attributes.multi_az != false
]

_pending := [instance |
	some instance in standby_capable
	instance.attributes.multi_az == false
	instance.attributes.pending_modified_values.multi_az == true
]

subjects contains instance.arn if {
	some instance in _served
}

subjects contains instance.arn if {
	some instance in _pending
}

unknowns contains instance.arn if {
	some instance in _served
	instance.attributes.multi_az == null
}

violations contains violation if {
	some instance in _pending
	violation := {
		"resource": instance.arn,
		"message": sprintf("%s gets its standby only in the maintenance window %s", [instance.name, _window(instance)]),
		"evidence": {
			"multi_az": false,
			"pending_modified_values.multi_az": true,
			"preferred_maintenance_window": instance.attributes.preferred_maintenance_window,
		},
	}
}

_window(instance) := window if {
	window := instance.attributes.preferred_maintenance_window
	window != null
} else := "to come"
