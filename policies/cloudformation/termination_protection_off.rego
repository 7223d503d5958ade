# METADATA
# title: Stack with databases can be deleted in one step
# description: |
#   One call, on the wrong stack or in the wrong account, deletes all that the stack made. Databases are deleted with
#   it, and with them the automated backups that are not kept.
#
#   Outermost stacks are judged that made databases, tables, volumes or file systems in production, themselves or in
#   stacks nested in them; a nested stack has the setting of the outermost one. Buckets do not count, as CloudFormation
#   deletes none with objects in it. What of a stack has tags says that it belongs there; what has none is not seen.
#   Where each database and table refuses to be deleted by itself, the finding is only a note. What the template says
#   about deletion, such as `Retain`, is not read, and may make up for it. A stack that is being deleted, or could not
#   be deleted in full, is on its way out. The severity follows the most critical thing that the stack made: medium, low
#   or info.
#
#   The verdict is unknown where the setting was not returned, and for a stack without protection of which databases,
#   tables, volumes or file systems could not be listed.
# scope: package
# related_resources:
# - description: Protect CloudFormation stacks from being deleted
#   ref: https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/using-cfn-protect-stacks.html
# - description: DeletionPolicy attribute, in the AWS CloudFormation Template Reference Guide
#   ref: https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-attribute-deletionpolicy.html
# custom:
#   severity:
#     mission-critical: medium
#     business-critical: medium
#     general: medium
#     non-production: none
#   concern: protection
#   scenarios: [deletion]
#   resource_types: [AWS::CloudFormation::Stack]
#   requires: [cloudformation:DescribeStacks]
#   controls:
#     aws-well-architected: [REL09-BP02]
#     aws-security-hub: [CloudFormation.3]
#     dora: [9(3)]
#   remediation:
#   - argv:
#     - aws
#     - cloudformation
#     - update-termination-protection
#     - --enable-termination-protection
#     - --stack-name={{name}}
#     - --region={{region}}
#     effect: >-
#       CloudFormation refuses to delete the stack, with all that is nested in it, until the protection is taken off;
#       updates go on as before, and may still replace or remove what is in it
#     risk: safe
#     undo:
#     - aws
#     - cloudformation
#     - update-termination-protection
#     - --no-enable-termination-protection
#     - --stack-name={{name}}
#     - --region={{region}}
#     verify:
#     - aws
#     - cloudformation
#     - describe-stacks
#     - --stack-name={{name}}
#     - --query=Stacks[0].EnableTerminationProtection
#     - --region={{region}}
#     cost: none
#   since: 0.1.0
package hadr.cloudformation.termination_protection_off

_leaving := {"DELETE_COMPLETE", "DELETE_FAILED", "DELETE_IN_PROGRESS"}

_stacks := [stack |
	some stack in input.resources["AWS::CloudFormation::Stack"]
	stack.attributes.root_id == null
	not stack.attributes.stack_status in _leaving
]

# What a stack made itself and that has data, where it made any.
_own := {stack.arn: arns |
	some stack in input.resources["AWS::CloudFormation::Stack"]
	arns := [arn |
		some arn in input.relations.deploys[stack.arn]
		_has_data(input.by_arn[arn])
	]
	count(arns) > 0
}

_has_data(resource) if {
	resource.type in {
		"AWS::DocDB::DBCluster", "AWS::DynamoDB::Table", "AWS::EC2::Volume", "AWS::EFS::FileSystem",
		"AWS::Neptune::DBCluster", "AWS::RDS::DBCluster",
	}
	resource.criticality != "non-production"
}

# What belongs to a cluster has no data of its own.
_has_data(resource) if {
	resource.type == "AWS::RDS::DBInstance"
	resource.attributes.db_cluster_identifier == null
	resource.criticality != "non-production"
}

# Stacks with data that are nested in others.
_nested := [stack |
	some stack in input.resources["AWS::CloudFormation::Stack"]
	is_string(stack.attributes.root_id)
	_own[stack.arn]
]

# What they made, by the outermost stack.
_made_within := {root: arns |
	some root in {nested.attributes.root_id | some nested in _nested}
	arns := [arn |
		some nested in _nested
		nested.attributes.root_id == root
		some arn in _own[nested.arn]
	]
}

_made(stack) := array.concat(object.get(_own, stack.arn, []), object.get(_made_within, stack.arn, []))

_holders := [{"stack": stack, "made": made} |
	some stack in _stacks
	made := _made(stack)
	count(made) > 0
]

# What it made may not have been seen.
_perhaps_holders := [stack |
	some stack in _stacks
	stack.attributes.enable_termination_protection != true
	count(_made(stack)) == 0
	_is_data_hidden(stack)
]

_is_data_hidden(stack) if {
	some operation in [
		"dynamodb:ListTables", "ec2:DescribeVolumes", "elasticfilesystem:DescribeFileSystems",
		"rds:DescribeDBClusters", "rds:DescribeDBInstances", "tag:GetResources",
	]
	not input.coverage[operation][stack.region] in {"collected", "region_disabled"}
}

subjects contains entry.stack.arn if {
	some entry in _holders
}

subjects contains stack.arn if {
	some stack in _perhaps_holders
}

unknowns contains stack.arn if {
	some stack in _perhaps_holders
}

unknowns contains entry.stack.arn if {
	some entry in _holders
	entry.stack.attributes.enable_termination_protection == null
}

violations contains violation if {
	some entry in _holders
	entry.stack.attributes.enable_termination_protection == false
	violation := object.union(_limit(entry.made), {
		"resource": entry.stack.arn,
		"message": sprintf("%s has no termination protection and made %s", [entry.stack.name, _words(entry.made)]),
		"evidence": {
			"enable_termination_protection": false,
			"made": array.slice(entry.made, 0, 10),
			"number_of_resources": count(entry.made),
		},
	})
}

_words(made) := input.by_arn[made[0]].name if count(made) == 1

_words(made) := sprintf("%d databases, tables, volumes or file systems", [count(made)]) if count(made) > 1

_limit(made) := {"at_most": "info"} if {
	_is_guarded(made)
} else := {} if {
	_is_any_of(made, "mission-critical")
} else := {"at_most": "low"} if {
	_is_any_of(made, "business-critical")
} else := {"at_most": "info"}

_is_any_of(made, criticality) if {
	some arn in made
	input.by_arn[arn].criticality == criticality
}

# Nothing of it goes in one step: each refuses by itself.
_is_guarded(made) if count([arn | some arn in made; _refuses(input.by_arn[arn])]) == count(made)

_refuses(resource) if resource.attributes.deletion_protection == true

_refuses(resource) if resource.attributes.deletion_protection_enabled == true
