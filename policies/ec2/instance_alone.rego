# METADATA
# title: Instance is the only one that does its work, and nothing replaces it
# description: |
#   When the instance, its host or its zone fails, what it serves is down until somebody has started another one by
#   hand, has restored its data and has sent the traffic there.
#
#   Running On-Demand instances outside of Auto Scaling groups are judged where something says what they are for, the
#   strongest first: a target group in use or a Classic Load Balancer in which they are; a record set of Route 53 that
#   leads to their public address; a workload, in which instances with the same tag `role`, `Role` or `hadr:role` do
#   the same, in all Regions of the scan. An instance without such a tag is judged by its workload only where that has
#   no other instance. Where nothing says what an instance is for, it is not judged, as it may serve nobody.
#
#   An instance that is the only target is alone, whatever else is known. Otherwise, company in any of the three is
#   enough, because several hosts often have a name each. A target that fails its checks is company: which do changes by
#   the minute. One that is stopped or being removed is none. A record set with alternatives is company, and policies
#   about Route 53 judge these. Names of private addresses are not followed, because several VPCs can have the same.
#   The verdict is unknown where load balancers, groups or targets, or the other record sets of a name could not be
#   listed.
#
#   Not judged are instances that a service replaces (those with an operator, and by their tags those of EKS, ECS,
#   Kubernetes, Elastic Beanstalk, EMR, Batch and fleets), Spot Instances, which are meant to go away, and those whose
#   role tag says `bastion`, `ci` or `appliance`: nobody waits for the first two, and the third often has no second by
#   its licence. Containers and functions that do the same work are not collected yet. Replication by Elastic Disaster
#   Recovery does not count, as the copy only runs once somebody has launched it.
# scope: package
# related_resources:
# - description: What is Amazon EC2 Auto Scaling?
#   ref: https://docs.aws.amazon.com/autoscaling/ec2/userguide/what-is-amazon-ec2-auto-scaling.html
# - description: Create a launch template for an Auto Scaling group
#   ref: https://docs.aws.amazon.com/autoscaling/ec2/userguide/create-launch-template.html
# custom:
#   severity:
#     mission-critical: high
#     business-critical: medium
#     general: low
#     non-production: none
#   concern: redundancy
#   scenarios: [instance, zone]
#   resource_types: [AWS::EC2::Instance]
#   requires:
#   - ec2:DescribeInstances
#   - autoscaling:DescribeAutoScalingGroups
#   - elasticloadbalancing:DescribeTargetGroups
#   - elasticloadbalancing:DescribeTargetHealth
#   - elasticloadbalancing:DescribeClassicLoadBalancers
#   controls:
#     aws-well-architected: [REL10-BP02, REL11-BP03]
#     nist-800-53: [SC-36, SI-13(5)]
#     iso-22301: [8.3.4]
#     dora: [11(5), 12(4)]
#     soc2: [A1.2]
#   practices: [instances-behind-a-target-group]
#   remediation:
#   - argv:
#     - aws
#     - ec2
#     - create-image
#     - --instance-id={{name}}
#     - --name={{params.image}}
#     - --no-reboot
#     - --region={{region}}
#     effect: >-
#       an image with what is on the disks, from which others can start; without a restart, what is only in memory is
#       not in it. Data that changes has to move to where all instances reach it
#     risk: review
#     undo:
#     - aws
#     - ec2
#     - deregister-image
#     - --image-id={{choose.image_id}}
#     - --delete-associated-snapshots
#     - --region={{region}}
#     verify:
#     - aws
#     - ec2
#     - describe-images
#     - --owners=self
#     - --filters=Name=name,Values={{params.image}}
#     - --query=Images[].[ImageId,State]
#     - --region={{region}}
#     cost: snapshot storage by GB and month
#   - argv:
#     - aws
#     - ec2
#     - create-launch-template
#     - --launch-template-name={{name}}
#     - --launch-template-data={{choose.launch_template_data}}
#     - --region={{region}}
#     effect: >-
#       a template with the settings that get-launch-template-data shows of the instance, the new image, and neither
#       subnet nor addresses; nothing is started
#     risk: safe
#     undo:
#     - aws
#     - ec2
#     - delete-launch-template
#     - --launch-template-name={{name}}
#     - --region={{region}}
#     verify:
#     - aws
#     - ec2
#     - describe-launch-template-versions
#     - --launch-template-name={{name}}
#     - --query=LaunchTemplateVersions[].[VersionNumber,LaunchTemplateData.ImageId]
#     - --region={{region}}
#     cost: none
#   - argv:
#     - aws
#     - autoscaling
#     - create-auto-scaling-group
#     - --auto-scaling-group-name={{name}}
#     - --launch-template={"LaunchTemplateName":"{{name}}","Version":"$Default"}
#     - --min-size=2
#     - --max-size=4
#     - --vpc-zone-identifier={{choose.subnets}}
#     - --target-group-arns={{params.target_group_arn}}
#     - --health-check-type=ELB
#     - --health-check-grace-period=300
#     - --region={{region}}
#     effect: >-
#       two instances are started in the zones of the subnets and get a share of the traffic; the present one stays
#       beside them until it is deregistered. The subnets are written with commas between them
#     risk: review
#     undo:
#     - aws
#     - autoscaling
#     - delete-auto-scaling-group
#     - --auto-scaling-group-name={{name}}
#     - --force-delete
#     - --region={{region}}
#     verify:
#     - aws
#     - elbv2
#     - describe-target-health
#     - --target-group-arn={{params.target_group_arn}}
#     - --query=TargetHealthDescriptions[].[Target.Id,TargetHealth.State]
#     - --region={{region}}
#     cost: two instances and their volumes
#   - argv:
#     - aws
#     - autoscaling
#     - create-auto-scaling-group
#     - --auto-scaling-group-name={{name}}
#     - --launch-template={"LaunchTemplateName":"{{name}}","Version":"$Default"}
#     - --min-size=2
#     - --max-size=4
#     - --vpc-zone-identifier={{choose.subnets}}
#     - --load-balancer-names={{params.classic_load_balancer}}
#     - --health-check-type=ELB
#     - --health-check-grace-period=300
#     - --region={{region}}
#     effect: >-
#       two instances are started in the zones of the subnets and get a share of the traffic; the present one stays
#       beside them until it is deregistered. The subnets are written with commas between them
#     risk: review
#     undo:
#     - aws
#     - autoscaling
#     - delete-auto-scaling-group
#     - --auto-scaling-group-name={{name}}
#     - --force-delete
#     - --region={{region}}
#     verify:
#     - aws
#     - elb
#     - describe-instance-health
#     - --load-balancer-name={{params.classic_load_balancer}}
#     - --query=InstanceStates[].[InstanceId,State]
#     - --region={{region}}
#     cost: two instances and their volumes
#   - argv:
#     - aws
#     - autoscaling
#     - create-auto-scaling-group
#     - --auto-scaling-group-name={{name}}
#     - --launch-template={"LaunchTemplateName":"{{name}}","Version":"$Default"}
#     - --min-size={{params.instances}}
#     - --max-size=4
#     - --vpc-zone-identifier={{choose.subnets}}
#     - --region={{region}}
#     effect: >-
#       two instances are started in the zones of the subnets; what leads to the present one has to lead to a load
#       balancer in front of them, or to all of them. The subnets are written with commas between them
#     risk: review
#     undo:
#     - aws
#     - autoscaling
#     - delete-auto-scaling-group
#     - --auto-scaling-group-name={{name}}
#     - --force-delete
#     - --region={{region}}
#     verify:
#     - aws
#     - autoscaling
#     - describe-auto-scaling-groups
#     - --auto-scaling-group-names={{name}}
#     - --query=AutoScalingGroups[0].Instances[].[InstanceId,AvailabilityZone,LifecycleState]
#     - --region={{region}}
#     cost: two instances and their volumes
#   since: 0.1.0
package hadr.ec2.instance_alone

import data.hadr.lib.ec2
import data.hadr.lib.ec2.accompanied
import data.hadr.lib.ec2.lone
import data.hadr.lib.ec2.unclear

subjects contains instance.arn if {
	some instance in lone
}

subjects contains instance.arn if {
	some instance in unclear
}

subjects contains arn if {
	some arn in accompanied
}

unknowns contains instance.arn if {
	some instance in unclear
}

violations contains violation if {
	some instance in lone
	reason := ec2.reason(instance)
	violation := {
		"resource": instance.arn,
		"message": sprintf("%s %s, and nothing replaces it", [instance.name, reason.words]),
		"evidence": object.union(reason.evidence, {
			"auto_scaling_group": instance.attributes.auto_scaling_group,
			"instance_lifecycle": instance.attributes.instance_lifecycle,
			"operator": instance.attributes.operator,
			"zones": [zone.name | some zone in instance.zones],
		}),
		"params": object.union(_front(reason), {"image": concat("-", [instance.name, substring(input.captured_at, 0, 10)])}),
	}
}

# Each kind of load balancer has a step of its own.
_front(reason) := {"target_group_arn": reason.evidence.serves} if {
	reason.kind == "target group"
} else := {"classic_load_balancer": split(reason.evidence.serves, "/")[1]} if {
	reason.kind == "load balancer"
} else := {"instances": 2}
