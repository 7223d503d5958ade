# METADATA
# title: Nobody is told when the database fails or fails over
# description: |
#   A failover that nobody notices leaves a database without its standby, or an application that still talks to the old
#   address; a failure that nobody notices is an outage until a customer calls.
#
#   Instances outside clusters and clusters are judged. An enabled and active subscription of the Region for events of
#   their kind, for all of them or by name, satisfies the policy; several together may. An instance without a standby
#   cannot fail over, so that failures are enough. Without a subscription the verdict is unknown and never violated:
#   a rule of EventBridge would tell somebody too, and rules are not collected yet. Nor is known who reads the topic.
# scope: package
# related_resources:
# - description: Subscribing to Amazon RDS event notification
#   ref: https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_Events.Subscribing.html
# custom:
#   severity:
#     mission-critical: medium
#     business-critical: medium
#     general: low
#     non-production: none
#   concern: monitoring
#   scenarios: [instance, zone]
#   resource_types: [AWS::RDS::DBInstance, AWS::RDS::DBCluster]
#   requires: [rds:DescribeDBInstances, rds:DescribeDBClusters, rds:DescribeEventSubscriptions]
#   controls:
#     aws-well-architected: [REL06-BP03, REL11-BP06]
#     aws-security-hub: [RDS.19, RDS.20]
#     iso-22301: [8.4.3]
#     dora: [10(2)]
#     soc2: [CC7.2]
#   control_types:
#     RDS.19: [AWS::RDS::DBCluster]
#     RDS.20: [AWS::RDS::DBInstance]
#   practices: [database-events-announced]
#   remediation:
#   - resource_types: [AWS::RDS::DBInstance]
#     argv:
#     - aws
#     - rds
#     - create-event-subscription
#     - --subscription-name=hadr-db-instances
#     - --sns-topic-arn={{inputs.sns_topic_arn}}
#     - --source-type=db-instance
#     - --event-categories
#     - failover
#     - failure
#     - --enabled
#     - --region={{region}}
#     effect: RDS tells the topic of failovers and failures of all instances of the Region
#     risk: safe
#     undo:
#     - aws
#     - rds
#     - delete-event-subscription
#     - --subscription-name=hadr-db-instances
#     - --region={{region}}
#     verify:
#     - aws
#     - rds
#     - describe-event-subscriptions
#     - --subscription-name=hadr-db-instances
#     - --query=EventSubscriptionsList[0].[Status,Enabled]
#     - --region={{region}}
#     cost: messages of SNS, which are few
#   - resource_types: [AWS::RDS::DBCluster]
#     argv:
#     - aws
#     - rds
#     - create-event-subscription
#     - --subscription-name=hadr-db-clusters
#     - --sns-topic-arn={{inputs.sns_topic_arn}}
#     - --source-type=db-cluster
#     - --event-categories
#     - failover
#     - failure
#     - --enabled
#     - --region={{region}}
#     effect: RDS tells the topic of failovers and failures of all clusters of the Region
#     risk: safe
#     undo:
#     - aws
#     - rds
#     - delete-event-subscription
#     - --subscription-name=hadr-db-clusters
#     - --region={{region}}
#     verify:
#     - aws
#     - rds
#     - describe-event-subscriptions
#     - --subscription-name=hadr-db-clusters
#     - --query=EventSubscriptionsList[0].[Status,Enabled]
#     - --region={{region}}
#     cost: messages of SNS, which are few
#   since: 0.1.0
package hadr.rds.failover_events_unsubscribed

_instances := [instance |
	some instance in input.resources["AWS::RDS::DBInstance"]
	instance.attributes.role in {"standalone", "read_replica"}
]

_clusters := input.resources["AWS::RDS::DBCluster"]

# What the subscriptions of each Region tell: Region, kind of source, category and name, with `*` for all of them.
_told := {[subscription.region, source, category, name] |
	some subscription in input.resources["AWS::RDS::EventSubscription"]
	subscription.attributes.enabled == true
	subscription.attributes.status == "active"
	some source in ["db-instance", "db-cluster"]
	subscription.attributes.source_type in {source, null}
	some category in ["failover", "failure"]
	_none_or_has(subscription.attributes.event_categories, category)
	some name in _names(subscription.attributes.source_ids)
}

_none_or_has(list, _) if count(list) == 0

_none_or_has(list, item) if item in list

_names(ids) := ids if count(ids) > 0

_names(ids) := ["*"] if count(ids) == 0

# Regions in which a subscription tells of everything that happens to any database of a kind.
_fully_told(source) := {region.name |
	some region in input.regions
	[region.name, source, "failover", "*"] in _told
	[region.name, source, "failure", "*"] in _told
}

# In the other Regions, each database is asked for what it needs.
_asked := array.concat(
	[{"resource": instance, "source": "db-instance", "needs": _needs(instance)} |
		told := _fully_told("db-instance")
		some instance in _instances
		not instance.region in told
	],
	[{"resource": cluster, "source": "db-cluster", "needs": ["failover", "failure"]} |
		told := _fully_told("db-cluster")
		some cluster in _clusters
		not cluster.region in told
	],
)

_needs(instance) := ["failure"] if instance.attributes.multi_az == false

_needs(instance) := ["failover", "failure"] if instance.attributes.multi_az != false

subjects contains instance.arn if {
	some instance in _instances
}

subjects contains cluster.arn if {
	some cluster in _clusters
}

unknowns contains database.resource.arn if {
	some database in _asked
	some category in database.needs
	not _is_told(database, category)
}

# A rule of EventBridge could tell somebody in place of any subscription.
violations := set()

_is_told(database, category) if {
	some name in ["*", database.resource.name]
	[database.resource.region, database.source, category, name] in _told
}
