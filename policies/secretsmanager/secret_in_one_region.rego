# METADATA
# title: Secret is in one Region only
# description: |
#   Servers that start in the other Region ask for their passwords and keys there. What is in the Region that failed
#   cannot be read until it is back, so that nothing starts that needs it.
#
#   Secrets are judged whose tier asks for a pilot light or more, or whose workload has something in two Regions or
#   more. A replica in another Region suffices, and so does a secret of the same name there, which is deployed for
#   itself; whether its value is the same is not read. Replicas are not judged, nor are secrets that a service owns,
#   which cannot be replicated by anybody else. One that nobody has read for a time is low at most, as nothing may need
#   it.
#
#   The verdict is unknown for a secret that is not replicated where one Region was scanned, or where secrets of another
#   Region were not listed.
# scope: package
# related_resources:
# - description: Replicate AWS Secrets Manager secrets across Regions
#   ref: https://docs.aws.amazon.com/secretsmanager/latest/userguide/replicate-secrets.html
# custom:
#   severity:
#     mission-critical: high
#     business-critical: medium
#     general: low
#     non-production: none
#   concern: replication
#   scenarios: [region]
#   resource_types: [AWS::SecretsManager::Secret]
#   exempt_environments: [disaster-recovery]
#   requires: [secretsmanager:ListSecrets]
#   parameters:
#     unread_days:
#       default: 90
#       description: Days after which a secret that nobody has read counts as one that nothing needs.
#   controls:
#     aws-well-architected: [REL11-BP04, REL13-BP02]
#     nist-800-53: [CP-7]
#     iso-22301: [8.3.4]
#     dora: [12(4)]
#     soc2: [A1.2]
#   practices: [strategy-pilot-light, strategy-warm-standby]
#   remediation:
#   - argv:
#     - aws
#     - secretsmanager
#     - replicate-secret-to-regions
#     - --secret-id={{params.plain_secret}}
#     - --add-replica-regions=Region={{choose.other_region}}
#     - --region={{region}}
#     effect: the other Region has a replica with the same name, which follows the secret and cannot be changed there
#     risk: safe
#     undo:
#     - aws
#     - secretsmanager
#     - remove-regions-from-replication
#     - --secret-id={{params.plain_secret}}
#     - --remove-replica-regions={{choose.other_region}}
#     - --region={{region}}
#     verify:
#     - aws
#     - secretsmanager
#     - describe-secret
#     - --secret-id={{params.plain_secret}}
#     - --query=ReplicationStatus
#     - --region={{region}}
#     cost: as much as the secret for each replica and month
#   - argv:
#     - aws
#     - secretsmanager
#     - replicate-secret-to-regions
#     - --secret-id={{params.encrypted_secret}}
#     - --add-replica-regions=Region={{choose.other_region}},KmsKeyId={{choose.kms_key_id}}
#     - --region={{region}}
#     effect: >-
#       the other Region has a replica with the same name, encrypted with a key of that Region that the servers there
#       may use; it follows the secret and cannot be changed there
#     risk: safe
#     undo:
#     - aws
#     - secretsmanager
#     - remove-regions-from-replication
#     - --secret-id={{params.encrypted_secret}}
#     - --remove-replica-regions={{choose.other_region}}
#     - --region={{region}}
#     verify:
#     - aws
#     - secretsmanager
#     - describe-secret
#     - --secret-id={{params.encrypted_secret}}
#     - --query=ReplicationStatus
#     - --region={{region}}
#     cost: as much as the secret for each replica and month
#   since: 0.1.0
package hadr.secretsmanager.secret_in_one_region

import data.hadr.lib.instant

_unread := data.parameters["secretsmanager-secret-in-one-region"].unread_days * 86400

# The rank of pilot light. Below it, what starts the servers may be made again.
_live := 1

_secrets := [secret |
	some secret in input.resources["AWS::SecretsManager::Secret"]
	secret.attributes.owning_service == null
	secret.attributes.primary_region in {null, secret.region}
	_is_needed_elsewhere(secret)
]

_is_needed_elsewhere(secret) if input.config.tiers[secret.tier.value].strategy_rank >= _live

_is_needed_elsewhere(secret) if {
	is_string(secret.workload.value)
	secret.workload.value in _spread
}

# Workloads with something in two Regions.
_spread := {workload.name |
	some workload in input.workloads
	count(workload.regions) > 1
}

# Names with the Regions that a secret of the name is in.
_places := {[secret.name, secret.region] | some secret in input.resources["AWS::SecretsManager::Secret"]}

_regions := [region.name | some region in input.regions]

_unlisted := [region |
	some region in _regions
	not input.coverage["secretsmanager:ListSecrets"][region] in {"collected", "region_disabled"}
]

_alone := [secret |
	some secret in _secrets
	secret.attributes.primary_region == null
	not _is_deployed_elsewhere(secret)
]

_is_deployed_elsewhere(secret) if {
	some region in _regions
	region != secret.region
	[secret.name, region] in _places
}

subjects contains secret.arn if {
	some secret in _secrets
}

unknowns contains secret.arn if {
	not _is_everything_listed
	some secret in _alone
}

_is_everything_listed if {
	count(_regions) > 1
	count(_unlisted) == 0
}

violations contains violation if {
	_is_everything_listed
	some secret in _alone
	violation := object.union(_limit(secret), {
		"resource": secret.arn,
		"message": sprintf("%s is in %s alone", [secret.name, secret.region]),
		"evidence": {
			"region": secret.region,
			"primary_region": null,
			"workload": secret.workload.value,
			"last_accessed_date": secret.attributes.last_accessed_date,
		},
		"params": _params(secret),
	})
}

_limit(secret) := {} if {
	instant.age(secret.attributes.last_accessed_date) <= _unread
} else := {"at_most": "low"}

# With a key of its own, the replica needs one, too.
_params(secret) := {"plain_secret": secret.arn} if {
	_is_plain(secret.attributes.kms_key_id)
} else := {"encrypted_secret": secret.arn}

_is_plain(key) if key == null

_is_plain(key) if {
	is_string(key)
	endswith(key, "alias/aws/secretsmanager")
}
