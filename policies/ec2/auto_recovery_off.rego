# METADATA
# title: EC2 does not recover an instance that is alone
# description: |
#   When its host fails, an instance that EC2 recovers is back within minutes on another one, with its id, its
#   addresses and its volumes. Without that, it is down until somebody stops and starts it by hand.
#
#   The instances are judged that `ec2-instance-alone` finds to be alone, or of which it cannot tell: for one with
#   company the others serve on. Where automatic recovery is not disabled, the policy is satisfied. Where it is
#   disabled, the verdict is unknown and never violated: an alarm of CloudWatch whose action is `ec2:recover` does the
#   same, and actions of alarms are not looked at. Look whether there is one, or switch automatic recovery on.
#
#   The verdict is unknown as well for bare metal and for roots on instance store, which EC2 does not recover whatever
#   the setting says. Other types that it does not recover are not told apart. Recovery helps against a failed host and
#   not against a failed zone.
# scope: package
# related_resources:
# - description: Configure simplified automatic recovery on an Amazon EC2 instance
#   ref: https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/instance-configuration-recovery.html
# - description: ModifyInstanceMaintenanceOptions
#   ref: https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_ModifyInstanceMaintenanceOptions.html
# custom:
#   severity:
#     mission-critical: medium
#     business-critical: medium
#     general: low
#     non-production: none
#   concern: redundancy
#   scenarios: [instance]
#   resource_types: [AWS::EC2::Instance]
#   requires:
#   - ec2:DescribeInstances
#   - autoscaling:DescribeAutoScalingGroups
#   - elasticloadbalancing:DescribeTargetGroups
#   - elasticloadbalancing:DescribeTargetHealth
#   - elasticloadbalancing:DescribeClassicLoadBalancers
#   controls:
#     aws-well-architected: [REL10-BP02, REL11-BP03]
#     nist-800-53: [SI-13(4)]
#     iso-22301: [8.3.5]
#     dora: [11(2)]
#     soc2: [A1.2]
#   practices: [failed-instances-replaced]
#   remediation:
#   - argv:
#     - aws
#     - ec2
#     - modify-instance-maintenance-options
#     - --instance-id={{name}}
#     - --auto-recovery=default
#     - --region={{region}}
#     effect: >-
#       EC2 starts the instance on another host when its own fails, as after a reboot; what is only in memory is lost.
#       Nothing happens before
#     risk: safe
#     undo:
#     - aws
#     - ec2
#     - modify-instance-maintenance-options
#     - --instance-id={{name}}
#     - --auto-recovery=disabled
#     - --region={{region}}
#     verify:
#     - aws
#     - ec2
#     - describe-instances
#     - --instance-ids={{name}}
#     - --query=Reservations[0].Instances[0].MaintenanceOptions.AutoRecovery
#     - --region={{region}}
#     cost: none
#   since: 0.1.0
package hadr.ec2.auto_recovery_off

import data.hadr.lib.ec2.lone
import data.hadr.lib.ec2.unclear

_instances := array.concat(lone, unclear)

subjects contains instance.arn if {
	some instance in _instances
}

unknowns contains instance.arn if {
	some instance in _instances
	not _is_recovered(instance)
}

# An alarm could recover an instance in place of the setting.
violations := set()

_is_recovered(instance) if {
	instance.attributes.auto_recovery == "default"
	instance.attributes.root_device_type == "ebs"
	is_string(instance.attributes.instance_type)
	not contains(instance.attributes.instance_type, ".metal")
}
