# METADATA
# title: Replication of the bucket is not monitored
# description: |
#   When replication falls behind or fails, because of a permission, a key or a destination that changed, nothing in
#   the bucket shows it. Nobody learns of it before the other Region is needed, and the objects are not there.
#
#   Buckets are judged whose role is `authoritative` or `backup` and that have an enabled rule which does not stay in
#   their Region. A rule without metrics is a violation. With metrics it takes somebody who is told, too: an alarm on one
#   of the metrics of replication that does something, of whichever rule of the bucket. Where there is none, event
#   notifications may tell instead, which are not collected, so the verdict is then unknown.
# scope: package
# related_resources:
# - description: Using S3 Replication metrics
#   ref: https://docs.aws.amazon.com/AmazonS3/latest/userguide/repl-metrics.html
# custom:
#   severity:
#     mission-critical: medium
#     business-critical: low
#     general: info
#     non-production: none
#   concern: monitoring
#   scenarios: [region]
#   resource_types: [AWS::S3::Bucket]
#   requires: [s3:ListBuckets, s3:GetBucketReplication]
#   controls:
#     aws-well-architected: [REL11-BP01, REL11-BP06]
#     dora: [10(1)]
#     soc2: [A1.2, CC7.2]
#   practices: [replication-monitored]
#   remediation:
#   - argv:
#     - aws
#     - s3api
#     - get-bucket-replication
#     - --bucket={{name}}
#     - --query=ReplicationConfiguration
#     - --region={{region}}
#     effect: >-
#       prints the whole replication of the bucket, which the next step replaces; keep it for the way back, and read it
#       again where another finding has changed it in the meantime. Nothing is changed
#     risk: safe
#     verify:
#     - aws
#     - s3api
#     - get-bucket-replication
#     - --bucket={{name}}
#     - --query=ReplicationConfiguration.Rules[].[ID,Status]
#     - --region={{region}}
#     cost: none
#   - argv:
#     - aws
#     - s3api
#     - put-bucket-replication
#     - --bucket={{name}}
#     - --replication-configuration={{choose.replication_configuration}}
#     - --region={{region}}
#     effect: >-
#       S3 publishes metrics of the rule; give all that the step above prints, with "Metrics":{"Status":"Enabled"} in
#       the Destination of the rule that the finding names
#     risk: review
#     undo:
#     - aws
#     - s3api
#     - put-bucket-replication
#     - --bucket={{name}}
#     - --replication-configuration={{choose.present_replication_configuration}}
#     - --region={{region}}
#     verify:
#     - aws
#     - s3api
#     - get-bucket-replication
#     - --bucket={{name}}
#     - --query=ReplicationConfiguration.Rules[].Destination.Metrics
#     - --region={{region}}
#     cost: the metrics, at the price of custom metrics
#   - argv:
#     - aws
#     - cloudwatch
#     - put-metric-alarm
#     - --alarm-name={{name}}-replication-{{params.rule}}-failed
#     - --namespace=AWS/S3
#     - --metric-name=OperationsFailedReplication
#     - >-
#       --dimensions=[{"Name":"SourceBucket","Value":"{{name}}"},
#       {"Name":"DestinationBucket","Value":"{{params.destination_bucket}}"},
#       {"Name":"RuleId","Value":"{{params.rule}}"}]
#     - --statistic=Sum
#     - --period=300
#     - --evaluation-periods=1
#     - --threshold=0
#     - --comparison-operator=GreaterThanThreshold
#     - --treat-missing-data=notBreaching
#     - --alarm-actions={{inputs.sns_topic_arn}}
#     - --region={{region}}
#     effect: tells of objects that were not replicated; S3 publishes this metric in the Region of the bucket
#     risk: safe
#     undo:
#     - aws
#     - cloudwatch
#     - delete-alarms
#     - --alarm-names={{name}}-replication-{{params.rule}}-failed
#     - --region={{region}}
#     verify:
#     - aws
#     - cloudwatch
#     - describe-alarms
#     - --alarm-names={{name}}-replication-{{params.rule}}-failed
#     - --region={{region}}
#     cost: one alarm
#   - argv:
#     - aws
#     - cloudwatch
#     - put-metric-alarm
#     - --alarm-name={{name}}-replication-{{params.rule}}-late
#     - --namespace=AWS/S3
#     - --metric-name=ReplicationLatency
#     - >-
#       --dimensions=[{"Name":"SourceBucket","Value":"{{name}}"},
#       {"Name":"DestinationBucket","Value":"{{params.destination_bucket}}"},
#       {"Name":"RuleId","Value":"{{params.rule}}"}]
#     - --statistic=Maximum
#     - --period=300
#     - --evaluation-periods=3
#     - --threshold=900
#     - --comparison-operator=GreaterThanThreshold
#     - --treat-missing-data=notBreaching
#     - --alarm-actions={{inputs.dr_sns_topic_arn}}
#     - --region={{inputs.dr_region}}
#     effect: >-
#       tells when the copy is more than 15 minutes behind; S3 publishes this metric in the Region of the
#       destination, where the topic has to be, too
#     risk: safe
#     undo:
#     - aws
#     - cloudwatch
#     - delete-alarms
#     - --alarm-names={{name}}-replication-{{params.rule}}-late
#     - --region={{inputs.dr_region}}
#     verify:
#     - aws
#     - cloudwatch
#     - describe-alarms
#     - --alarm-names={{name}}-replication-{{params.rule}}-late
#     - --region={{inputs.dr_region}}
#     cost: one alarm
#   since: 0.1.0
package hadr.s3.replication_unmonitored

import data.hadr.lib.s3
import data.hadr.lib.s3.leaving
import data.hadr.lib.s3.unlisted

subjects contains entry.bucket.arn if {
	some entry in leaving
}

subjects contains bucket.arn if {
	some bucket in unlisted
}

unknowns contains arn if {
	some arn in subjects
	not _is_watched(arn)
}

_is_watched(bucket_arn) if {
	some arn in input.relations.watched_by[bucket_arn]
	alarm := input.by_arn[arn].attributes
	alarm.metric_name in _metrics
	alarm.actions_enabled == true
	count(alarm.alarm_actions) > 0
}

_metrics := {
	"BytesPendingReplication", "OperationsFailedReplication", "OperationsPendingReplication", "ReplicationLatency",
}

violations contains violation if {
	some entry in leaving
	entry.rule.metrics != true
	bucket := entry.bucket
	rule := entry.rule
	destination := s3.name_of(rule.destination_bucket)
	violation := {
		"resource": bucket.arn,
		"message": sprintf("%s replicates to %s without metrics", [bucket.name, destination]),
		"evidence": {"rule": rule.id, "destination_bucket": rule.destination_bucket, "metrics": rule.metrics},
		"params": {"rule": rule.id, "destination_bucket": destination},
		"discriminator": s3.rule_id(rule),
	}
}
