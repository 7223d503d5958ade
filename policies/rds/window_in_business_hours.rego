# METADATA
# title: Backup or maintenance window is in business hours
# description: |
#   Backups slow a database down, and maintenance restarts it or makes it fail over, while people work with it. RDS
#   counts windows in UTC: 03:00 is noon in Tokyo.
#
#   Instances and clusters are judged if the configuration has business hours, which are UTC as well; without them the
#   policy is off. Aurora backs up all the time, so that its backup window does not matter, and neither does one of an
#   instance without backups; members of Multi-AZ DB clusters have the windows of the cluster. A window that is not
#   known is unknown.
# scope: package
# related_resources:
# - description: The Amazon RDS maintenance window
#   ref: https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_UpgradeDBInstance.Maintenance.html
# - description: Backup window of Amazon RDS
#   ref: https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_WorkingWithAutomatedBackups.html
# custom:
#   severity:
#     mission-critical: low
#     business-critical: low
#     general: info
#     non-production: none
#   concern: operations
#   scenarios: [instance]
#   resource_types: [AWS::RDS::DBInstance, AWS::RDS::DBCluster]
#   requires: [rds:DescribeDBInstances, rds:DescribeDBClusters]
#   controls:
#     aws-well-architected: [REL08-BP05]
#   practices: [backup-window-quiet, maintenance-window-quiet]
#   remediation:
#   - resource_types: [AWS::RDS::DBInstance]
#     argv:
#     - aws
#     - rds
#     - modify-db-instance
#     - --db-instance-identifier={{name}}
#     - '--cli-input-json={"{{params.setting}}":"{{choose.window}}"}'
#     - --region={{region}}
#     effect: >-
#       the window moves at once; it has to be 30 minutes or longer and must not overlap the other window. What waits
#       for maintenance waits for the new window, and happens at once where that has begun already
#     risk: review
#     undo:
#     - aws
#     - rds
#     - modify-db-instance
#     - --db-instance-identifier={{name}}
#     - '--cli-input-json={"{{params.setting}}":"{{params.window}}"}'
#     - --region={{region}}
#     verify:
#     - aws
#     - rds
#     - describe-db-instances
#     - --db-instance-identifier={{name}}
#     - --query=DBInstances[0].[PreferredBackupWindow,PreferredMaintenanceWindow]
#     - --region={{region}}
#     cost: none
#   - resource_types: [AWS::RDS::DBCluster]
#     argv:
#     - aws
#     - rds
#     - modify-db-cluster
#     - --db-cluster-identifier={{name}}
#     - '--cli-input-json={"{{params.setting}}":"{{choose.window}}"}'
#     - --region={{region}}
#     effect: >-
#       the window moves at once; it has to be 30 minutes or longer and must not overlap the other window. What waits
#       for maintenance waits for the new window, and happens at once where that has begun already
#     risk: review
#     undo:
#     - aws
#     - rds
#     - modify-db-cluster
#     - --db-cluster-identifier={{name}}
#     - '--cli-input-json={"{{params.setting}}":"{{params.window}}"}'
#     - --region={{region}}
#     verify:
#     - aws
#     - rds
#     - describe-db-clusters
#     - --db-cluster-identifier={{name}}
#     - --query=DBClusters[0].[PreferredBackupWindow,PreferredMaintenanceWindow]
#     - --region={{region}}
#     cost: none
#   since: 0.1.0
package hadr.rds.window_in_business_hours

import data.hadr.lib.window

# Undefined, so that no database is looked at, where the configuration has no business hours.
_business := window.on_days(input.config.business_hours) if input.config.business_hours != null

_instances := [instance |
	_business
	some instance in input.resources["AWS::RDS::DBInstance"]
	instance.attributes.role != "multi_az_cluster_member"
]

_clusters := [cluster |
	_business
	some cluster in input.resources["AWS::RDS::DBCluster"]
]

_databases := array.concat(_instances, _clusters)

# Databases that a backup slows down.
_backed_up := [database |
	some database in _databases
	_backups_disturb(database.attributes)
]

_backups_disturb(attributes) if {
	attributes.role in {"standalone", "read_replica"}
	attributes.backup_retention_period != 0
}

_backups_disturb(attributes) if attributes.family == "multi_az"

subjects contains database.arn if {
	some database in _databases
}

unknowns contains database.arn if {
	some database in _databases
	not window.weekly(database.attributes.preferred_maintenance_window)
}

unknowns contains database.arn if {
	some database in _backed_up
	not window.daily(database.attributes.preferred_backup_window)
}

violations contains violation if {
	some database in _databases
	maintenance := database.attributes.preferred_maintenance_window
	window.overlap(window.weekly(maintenance), _business)
	violation := _violation(database, "maintenance", "PreferredMaintenanceWindow", maintenance)
}

violations contains violation if {
	some database in _backed_up
	backup := database.attributes.preferred_backup_window
	window.overlap(window.daily(backup), _business)
	violation := _violation(database, "backup", "PreferredBackupWindow", backup)
}

_violation(database, purpose, setting, value) := {
	"resource": database.arn,
	"discriminator": purpose,
	"message": concat("", [database.name, " has its ", purpose, " window ", value, " UTC in business hours"]),
	"evidence": {"window": value, "business_hours": input.config.business_hours},
	"params": {"setting": setting, "window": value},
}
