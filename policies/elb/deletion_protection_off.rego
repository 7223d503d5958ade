# METADATA
# title: Load balancer can be deleted in one step
# description: |
#   One call, by mistake or in the wrong account, deletes the load balancer with its listeners and rules. The one that
#   is made in its place has another name and other addresses: records, firewalls and partners that name the old ones
#   have to be changed while the workload is down.
#
#   Application, Network and Gateway Load Balancers are judged; Classic ones have no such protection. One that a
#   controller of Kubernetes made comes and goes with what is in the cluster, and its settings are written there, so
#   that the finding is only a note. Without its tags, nobody knows who made it, and the severity is not lowered.
# scope: package
# related_resources:
# - description: ModifyLoadBalancerAttributes
#   ref: https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_ModifyLoadBalancerAttributes.html
# - description: Application Load Balancers
#   ref: https://docs.aws.amazon.com/elasticloadbalancing/latest/application/application-load-balancers.html
# custom:
#   severity:
#     mission-critical: medium
#     business-critical: medium
#     general: low
#     non-production: none
#   concern: protection
#   scenarios: [deletion]
#   resource_types: [AWS::ElasticLoadBalancingV2::LoadBalancer]
#   requires: [elasticloadbalancing:DescribeLoadBalancers, elasticloadbalancing:DescribeLoadBalancerAttributes]
#   controls:
#     aws-well-architected: [REL09-BP02]
#     aws-config: [elb-deletion-protection-enabled]
#     aws-security-hub: [ELB.6]
#     dora: [9(3)]
#   remediation:
#   - argv:
#     - aws
#     - elbv2
#     - modify-load-balancer-attributes
#     - --load-balancer-arn={{arn}}
#     - --attributes=Key=deletion_protection.enabled,Value=true
#     - --region={{region}}
#     effect: >-
#       the API refuses to delete the load balancer until the protection is taken off; this applies at once. A
#       controller of Kubernetes sets it back unless the same is in its annotation for the attributes of load
#       balancers
#     risk: safe
#     undo:
#     - aws
#     - elbv2
#     - modify-load-balancer-attributes
#     - --load-balancer-arn={{arn}}
#     - --attributes=Key=deletion_protection.enabled,Value=false
#     - --region={{region}}
#     verify:
#     - aws
#     - elbv2
#     - describe-load-balancer-attributes
#     - --load-balancer-arn={{arn}}
#     - --query=Attributes[].[Key,Value]
#     - --region={{region}}
#     cost: none
#   since: 0.1.0
package hadr.elb.deletion_protection_off

_unprotected := [balancer |
	some balancer in input.resources["AWS::ElasticLoadBalancingV2::LoadBalancer"]
	balancer.attributes.deletion_protection_enabled != true
]

subjects contains balancer.arn if {
	some balancer in input.resources["AWS::ElasticLoadBalancingV2::LoadBalancer"]
}

unknowns contains balancer.arn if {
	some balancer in _unprotected
	balancer.attributes.deletion_protection_enabled == null
}

violations contains violation if {
	some balancer in _unprotected
	balancer.attributes.deletion_protection_enabled == false
	violation := object.union(_bound(balancer), {
		"resource": balancer.arn,
		"message": sprintf("%s has no deletion protection", [balancer.name]),
		"evidence": {"deletion_protection_enabled": false, "type": balancer.attributes.type},
	})
}

_bound(balancer) := {"at_most": "info"} if {
	_is_managed(balancer)
} else := {}

# A controller of Kubernetes made it. The keys are those of the present one, of EKS Auto Mode and of the one before.
_is_managed(balancer) if {
	some key in ["elbv2.k8s.aws/cluster", "eks:eks-cluster-name", "kubernetes.io/service-name"]
	is_string(balancer.tags[key])
}
