# METADATA
# description: |
#   Documents for the tests of policies. A test gives what matters to it; the rest is an ordinary resource of an
#   ordinary account, so that a test shows the one thing that it is about.
package hadr.lib.test

account := "123456789012"

region := "eu-west-1"

# An ARN of the RDS service in the Region of the tests.
arn(resource) := arn_in(region, resource)

arn_in(a_region, resource) := sprintf("arn:aws:rds:%s:%s:%s", [a_region, account, resource])

# The input with these resources, as the index would make it. Parts that a test sets itself replace those made here.
# What the index derives for a resource (`placement`, `copies`, `schedules`) is given by its ARN.
input_of(resources) := input_with(resources, {})

input_with(resources, parts) := with_derived(
	object.union(
		_input([_promised(entry, _tiers(parts)) | some entry in resources]),
		object.remove(parts, _derived),
	),
	parts,
)

# The same document, in which the index has derived that for resources.
with_derived(document, parts) := object.union(document, {
	"resources": {kind: [derived(entry, parts) | some entry in list] | some kind, list in document.resources},
	"by_arn": {of: derived(entry, parts) | some of, entry in document.by_arn},
})

# The same resource, for which the index has derived what is given by its ARN.
derived(entry, parts) := object.union(entry, {member: _settled_part(member, part, entry) |
	some member in _derived
	part := parts[member][entry.arn]
})

_derived := {"copies", "placement", "schedules"}

_settled_part(member, part, _) := part if member != "copies"

_settled_part("copies", copies, entry) := object.union(copies, object.union(
	{"known": known, "newest": _newest(known, _locked(entry))},
	_at_best(known, entry),
)) if {
	known := [_settled(each) | some each in copies.known]
}

_input(resources) := {
	"captured_at": "2026-11-22T03:00:00Z",
	"account": {"arn": sprintf("arn:aws:account::%s:account", [account]), "name": account},
	"regions": [_region(name, resources) | some name in _regions],
	"config": {"tiers": _promises, "business_hours": null, "waivers": []},
	"coverage": {},
	"resources": {kind: [entry | some entry in resources; entry.type == kind; _judged(entry)] | some kind in _kinds},
	"by_arn": {entry.arn: entry | some entry in resources},
	"relations": {label: {} | some label in _labels},
	"unreadable": [],
}

_region(name, resources) := {
	"arn": sprintf("arn:aws:account::%s:region/%s", [account, name]),
	"name": name,
	"zones": [{"name": entry.name, "type": entry.attributes.zone_type} |
		some entry in resources
		entry.type == "AWS::EC2::AvailabilityZone"
		entry.region == name
	],
}

_promises := {
	"mission-critical": {"rto": 3600, "rpo": 900, "strategy_rank": 2},
	"business-critical": {"rto": 14400, "rpo": 3600, "strategy_rank": 1},
	"general": {"rto": 86400, "rpo": 43200, "strategy_rank": 0},
}

_tiers(parts) := object.union(_promises, object.get(parts, ["config", "tiers"], {}))

# What its tier promises is promised for a resource, unless the test says more.
promised(entry) := _promised(entry, _promises)

_promised(entry, tiers) := object.union(
	{
		"rto": {"value": tiers[entry.tier.value].rto, "source": sprintf("tier %s", [entry.tier.value])},
		"rpo": {"value": tiers[entry.tier.value].rpo, "source": sprintf("tier %s", [entry.tier.value])},
	},
	entry,
)

_regions := ["eu-central-1", "eu-west-1", "us-west-1"]

# As the index says what is judged.
_judged(entry) if {
	entry.account == account
	entry.region in array.concat(_regions, ["global"])
	not object.get(entry.attributes, "status", "") in {"creating", "deleting"}
	not object.get(entry.attributes, "table_status", "") in {"CREATING", "DELETING"}
	not object.get(entry.attributes, "db_instance_status", "") in {"creating", "deleting"}
	not object.get(entry.attributes, "state", "") in {"pending", "deleting", "deleted", "shutting-down", "terminated"}
}

_kinds := {
	"AWS::ApplicationAutoScaling::ScalableTarget", "AWS::AutoScaling::AutoScalingGroup",
	"AWS::Backup::BackupJob", "AWS::Backup::BackupPlan", "AWS::Backup::BackupSelection", "AWS::Backup::BackupVault",
	"AWS::Backup::CopyJob", "AWS::Backup::ProtectedResource", "AWS::Backup::RecoveryPoint",
	"AWS::Backup::RegionSettings", "AWS::Backup::RestoreJob", "AWS::Backup::RestoreTestingPlan",
	"AWS::CloudWatch::Alarm", "AWS::DLM::LifecyclePolicy",
	"AWS::DynamoDB::GlobalTable", "AWS::DynamoDB::Table",
	"AWS::EC2::AvailabilityZone", "AWS::EC2::Image", "AWS::EC2::Instance", "AWS::EC2::LaunchTemplate",
	"AWS::EC2::NatGateway", "AWS::EC2::RouteTable", "AWS::EC2::Snapshot", "AWS::EC2::Subnet",
	"AWS::EC2::VPCEndpoint", "AWS::EC2::VPNConnection", "AWS::EC2::Volume", "AWS::EFS::FileSystem",
	"AWS::ElasticLoadBalancing::LoadBalancer", "AWS::ElasticLoadBalancingV2::LoadBalancer",
	"AWS::ElasticLoadBalancingV2::TargetGroup", "AWS::KMS::Key",
	"AWS::Route53::HealthCheck", "AWS::Route53::HostedZone", "AWS::Route53::RecordSet",
	"AWS::DocDB::DBCluster", "AWS::DocDB::DBInstance", "AWS::Neptune::DBCluster", "AWS::Neptune::DBInstance",
	"AWS::RDS::DBCluster", "AWS::RDS::DBClusterAutomatedBackup", "AWS::RDS::DBClusterSnapshot",
	"AWS::RDS::DBInstance", "AWS::RDS::DBInstanceAutomatedBackup", "AWS::RDS::DBSnapshot",
	"AWS::RDS::DBSubnetGroup", "AWS::RDS::EventSubscription", "AWS::RDS::GlobalCluster", "AWS::S3::Bucket",
}

_labels := {
	"alternative_to", "attached_to", "checked_by", "encrypted_by", "encrypts", "exits_through", "filled_by", "follows",
	"forwards_to", "has_member", "launched_from", "member_of", "placed_in", "protected_by", "reads_from",
	"replicates_to", "routed_by", "routes_to", "scaled_by", "watched_by",
}

# A resource of a mission-critical workload in production.
resource(kind, resource_arn, name, attributes) := {
	"type": kind,
	"arn": resource_arn,
	"name": name,
	"account": account,
	"region": region,
	"zones": [],
	"tags": {},
	"attributes": attributes,
	"gaps": [],
	"workload": {"value": null, "source": "default"},
	"tier": {"value": "mission-critical", "source": "tag hadr:tier"},
	"environment": {"value": "production", "source": "default"},
	"role": {"value": "authoritative", "source": "default"},
	"criticality": "mission-critical",
}

# A resource of whose data so many seconds may be lost, by a tag.
may_lose(seconds, entry) := with_members(entry, {"rpo": {"value": seconds, "source": "tag hadr:rpo"}})

# Replaces members of a resource, such as `criticality`, `region` or `tags`.
with_members(entry, members) := object.union(entry, members)

db_instance(name, attributes) := object.union(
	resource("AWS::RDS::DBInstance", arn(sprintf("db:%s", [name])), name, object.union(_db_instance, attributes)),
	{"zones": [{"name": "eu-west-1a", "id": null}]},
)

_db_instance := {
	"role": "standalone",
	"engine": "postgres",
	"engine_version": "16.4",
	"db_instance_status": "available",
	"db_instance_class": "db.r6g.large",
	"multi_az": true,
	"pending_modified_values": {"multi_az": null, "backup_retention_period": null},
	"backup_retention_period": 35,
	"latest_restorable_time": "2026-11-22T02:55:00Z",
	"deletion_protection": true,
	"storage_encrypted": true,
	"kms_key_id": "arn:aws:kms:eu-west-1:123456789012:key/1",
	"allocated_storage": 100,
	"iops": null,
	"publicly_accessible": false,
	"preferred_backup_window": "03:00-04:00",
	"preferred_maintenance_window": "sun:04:00-sun:05:00",
	"db_cluster_identifier": null,
	"read_replica_source_db_instance_arn": null,
	"read_replica_source_db_cluster_arn": null,
	"read_replica_db_instance_arns": [],
	"replica_mode": null,
	"db_instance_automated_backups_replications": [],
	"db_subnet_group_name": "default",
	"db_parameter_groups": ["default.postgres16"],
	"promotion_tier": null,
	"backup_target": "region",
	"status_infos": [],
	"aws_backup_recovery_point_arn": null,
	"dbi_resource_id": "db-A",
	"instance_create_time": "2025-01-01T00:00:00Z",
}

# An Aurora cluster. Its members are given with the relation and the placement, as the index derives them.
db_cluster(name, attributes) := resource(
	"AWS::RDS::DBCluster",
	arn(sprintf("cluster:%s", [name])),
	name,
	object.union(_db_cluster, attributes),
)

# The same for `docdb` and `neptune`.
docdb_cluster(name, attributes) := object.union(
	db_cluster(name, object.union({"family": "docdb", "engine": "docdb"}, attributes)),
	{"type": "AWS::DocDB::DBCluster"},
)

neptune_cluster(name, attributes) := object.union(
	db_cluster(name, object.union({"family": "neptune", "engine": "neptune"}, attributes)),
	{"type": "AWS::Neptune::DBCluster"},
)

_db_cluster := {
	"family": "aurora",
	"engine": "aurora-postgresql",
	"engine_version": "16.4",
	"engine_mode": "provisioned",
	"status": "available",
	"multi_az": true,
	"db_cluster_instance_class": null,
	"db_cluster_members": [],
	"serverless_v2_scaling_configuration": null,
	"backup_retention_period": 35,
	"earliest_restorable_time": "2026-10-18T03:00:00Z",
	"latest_restorable_time": "2026-11-22T02:55:00Z",
	"backtrack_window": null,
	"deletion_protection": true,
	"storage_encrypted": true,
	"kms_key_id": "arn:aws:kms:eu-west-1:123456789012:key/1",
	"global_cluster_identifier": null,
	"replication_source_identifier": null,
	"read_replica_identifiers": [],
	"preferred_backup_window": "03:00-04:00",
	"preferred_maintenance_window": "sun:04:00-sun:05:00",
	"db_subnet_group": "default",
	"db_cluster_parameter_group": "default.aurora-postgresql16",
	"aws_backup_recovery_point_arn": null,
	"db_cluster_resource_id": "cluster-A",
	"cluster_create_time": "2025-01-01T00:00:00Z",
}

# The same resource in another Region.
moved_to(entry, a_region) := object.union(
	entry,
	{"region": a_region, "arn": replace(entry.arn, sprintf(":%s:", [region]), sprintf(":%s:", [a_region]))},
)

# An instance of a cluster, for `running`. A zone of `null` means that the API named none.
writer(name, zone, attributes) := {"writes": true, "collected": true, "instance": _member(name, zone, attributes)}

reader(name, zone, attributes) := {"writes": false, "collected": true, "instance": _member(name, zone, attributes)}

# An instance that only its cluster tells of.
uncollected(member) := object.union(member, {"collected": false})

_member(name, zone, attributes) := object.union(
	db_instance(name, object.union({"role": "aurora_member", "multi_az": false, "promotion_tier": 1}, attributes)),
	{"zones": _zones(zone)},
)

_zones(zone) := [] if {
	zone == null
} else := [{"name": zone, "id": null}]

# A cluster with its instances, in the Region of the cluster.
running(cluster, members) := {
	"members": located,
	"cluster": object.union(cluster, {"attributes": {"db_cluster_members": listed}}),
} if {
	located := [object.union(member, {"instance": moved_to(member.instance, cluster.region)}) |
		some member in members
	]
	listed := [entry |
		some member in located
		entry := {
			"arn": member.instance.arn,
			"is_cluster_writer": member.writes,
			"promotion_tier": member.instance.attributes.promotion_tier,
		}
	]
}

# The input with clusters, each from `running`, and other resources, with what the index derives from them.
input_of_clusters(clusters, others, parts) := input_with(
	array.concat(array.concat([entry.cluster | some entry in clusters], instances), others),
	object.union(
		{
			"coverage": {"rds:DescribeGlobalClusters": {"eu-central-1": "collected", "eu-west-1": "collected"}},
			"relations": _member_relations(clusters, others),
			"placement": object.union(_cluster_places(clusters), _other_places(others)),
		},
		parts,
	),
) if {
	instances := [member.instance |
		some entry in clusters
		some member in entry.members
		member.collected
	]
}

_member_relations(clusters, others) := {
	"has_member": {entry.cluster.arn: [member.instance.arn | some member in entry.members] |
		some entry in clusters
		count(entry.members) > 0
	},
	"member_of": object.union(
		{member.instance.arn: [entry.cluster.arn] | some entry in clusters; some member in entry.members},
		{member.db_cluster_arn: [other.arn] |
			some other in others
			some member in object.get(other.attributes, "global_cluster_members", [])
		},
	),
	"placed_in": {entry.cluster.arn: [arn(sprintf("subgrp:%s", [entry.cluster.attributes.db_subnet_group]))] |
		some entry in clusters
	},
}

_cluster_places(clusters) := {entry.cluster.arn: place |
	some entry in clusters
	zones := {zone.name | some member in entry.members; member.collected; some zone in member.instance.zones}
	unplaced := {member.instance.arn | some member in entry.members; not _placed(member)}
	place := {
		"zones": [zone | some zone in zones],
		"regions": [entry.cluster.region],
		"unplaced": [instance | some instance in unplaced],
	}
}

_placed(member) if {
	member.collected
	count(member.instance.zones) > 0
}

_other_places(others) := {other.arn: place |
	some other in others
	zones := {subnet.zone.name | some subnet in object.get(other.attributes, "subnets", [])}
	members := object.get(other.attributes, "global_cluster_members", [])
	regions := {split(member.db_cluster_arn, ":")[3] | some member in members}
	place := {"zones": [zone | some zone in zones], "regions": [each | some each in regions], "unplaced": []}
}

global_cluster(name, attributes) := object.union(
	resource(
		"AWS::RDS::GlobalCluster",
		sprintf("arn:aws:rds::%s:global-cluster:%s", [account, name]),
		name,
		object.union(_global_cluster, attributes),
	),
	{"region": "global"},
)

_global_cluster := {
	"engine": "aurora-postgresql",
	"engine_version": "16.4",
	"status": "available",
	"deletion_protection": true,
	"global_cluster_members": [],
	"failover_status": null,
}

# A member of it, and the one that writes.
global_primary(cluster) := object.union(global_secondary(cluster), {"is_writer": true})

global_secondary(cluster) := {
	"db_cluster_arn": cluster.arn,
	"is_writer": false,
	"readers": [],
	"synchronization_status": "connected",
}

db_subnet_group(name, zones) := resource("AWS::RDS::DBSubnetGroup", arn(sprintf("subgrp:%s", [name])), name, {
	"subnet_group_status": "Complete",
	"vpc_id": "vpc-1",
	"subnets": [subnet |
		some zone in zones
		subnet := {
			"subnet_identifier": sprintf("subnet-%s", [zone]),
			"zone": {"name": zone, "id": null},
			"subnet_status": "Active",
		}
	],
})

event_subscription(name, attributes) := resource(
	"AWS::RDS::EventSubscription",
	arn(sprintf("es:%s", [name])),
	name,
	object.union(
		{
			"enabled": true,
			"status": "active",
			"source_type": null,
			"source_ids": [],
			"event_categories": [],
			"sns_topic_arn": "arn:aws:sns:eu-west-1:123456789012:ops",
		},
		attributes,
	),
)

# A copy as the index lists it below `copies.known` of a resource.
copy(kind, a_region, age) := {
	"kind": kind,
	"arn": arn_in(a_region, sprintf("snapshot:%s", [kind])),
	"region": a_region,
	"account": account,
	"off_region": a_region != region,
	"age": age,
}

# What the index adds to a copy, unless the test says more. No vault or lock keeps it from anybody.
_settled(copy) := object.union(
	{
		"behind": _behind(copy),
		"system": _system(copy),
		"place": sprintf("%s in %v of %v", [_systems[copy.kind], copy.region, copy.account]),
		"out_of_reach": _is_foreign(copy),
	},
	copy,
)

_behind(copy) := 0 if {
	copy.age == null
	copy.kind in {"continuous_backup", "replica", "replica_bucket", "replicated_automated_backup"}
} else := copy.age

_system(copy) := sprintf("account %s", [copy.account]) if {
	_is_foreign(copy)
} else := _systems[copy.kind]

_is_foreign(copy) if {
	is_string(copy.account)
	copy.account != account
} else := false

# Where something is not known, the same as if it were as good as it could be.
_at_best(known, entry) := {"at_best": _newest(best, _perhaps_locked(entry))} if {
	best := [_best(each) | some each in known]
	[best, _perhaps_locked(entry)] != [known, _locked(entry)]
} else := {}

_perhaps_locked(entry) := {"the data itself": 0} if {
	entry.attributes.object_lock == null
} else := _locked(entry)

_best(each) := object.union(each, object.union(_apart(each), {member: value |
	some member, value in {"behind": 0, "off_region": true, "out_of_reach": true}
	object.get(each, member, null) == null
}))

# It may lie in a place of its own, and in an account of its own.
_apart(each) := {"place": sprintf("wherever %s is", [each.arn]), "system": sprintf("the account of %s", [each.arn])} if {
	object.get(each, "account", null) == null
} else := {"place": sprintf("wherever %s is", [each.arn])} if {
	object.get(each, "region", null) == null
} else := {}

_newest(known, locked) := object.union(_newest_by_kind(known), object.union(_newest_elsewhere(known), {
	"out_of_reach": _by_number(object.union(_least(_beyond(known), "place"), locked)),
	"places": _by_number(object.union(_least(known, "place"), {"the data itself": 0})),
	"systems": _by_number(object.union(_least(known, "system"), {"live": 0})),
}))

_newest_by_kind(known) := {kind: behind |
	some kind, behind in _least(known, "kind")
	not kind in {"replica", "replica_bucket", "replicated_automated_backup"}
}

_newest_elsewhere(known) := object.union(
	_elsewhere("off_region", known),
	_elsewhere("off_region_replica", [each | some each in known; each.kind == "replica"]),
)

_elsewhere(name, known) := {name: behind |
	some is_elsewhere, behind in _least(known, "off_region")
	is_elsewhere == true
}

_beyond(known) := [each | some each in known; each.out_of_reach == true]

_locked(entry) := {"the data itself": 0} if {
	entry.attributes.object_lock.mode == "COMPLIANCE"
} else := {}

_least(known, member) := {value: min(behind) |
	some value in {each[member] | some each in known}
	behind := [each.behind | some each in known; each[member] == value; is_number(each.behind)]
	count(behind) > 0
}

_by_number(behind) := array.concat([0], sort([seconds | some seconds in behind]))

_systems := {
	"automated_backup": "automated backups",
	"aws_backup_snapshot": "vaults",
	"continuous_backup": "vaults",
	"manual_snapshot": "snapshots",
	"replica": "live",
	"replica_bucket": "live",
	"replicated_automated_backup": "automated backups",
}

# A listing that failed, as the index lists it below `copies.unseen` of a resource.
unseen(a_region, operation) := {"region": a_region, "operation": operation, "outcome": "denied"}

bucket_arn(name) := sprintf("arn:aws:s3:::%s", [name])

bucket(name, attributes) := resource(
	"AWS::S3::Bucket",
	bucket_arn(name),
	name,
	object.union(
		{
			"creation_date": "2025-01-01T00:00:00Z",
			"versioning": {"status": "enabled", "mfa_delete": null},
			"replication": {"role": null, "rules": []},
			"lifecycle": {"rules": []},
			"object_lock": {"enabled": false, "mode": null, "retention_days": null},
			"encryption": {"sse_algorithm": "AES256", "kms_master_key_id": null},
		},
		attributes,
	),
)

bucket_in(a_region, name, attributes) := with_members(bucket(name, attributes), {"region": a_region})

# Gives a resource a role, as a tag would.
in_role(role, entry) := with_members(entry, {"role": {"value": role, "source": "tag hadr:role"}})

# A bucket that replicates by these rules.
bucket_with_rules(name, rules) := bucket(name, replication(rules))

replication(rules) := {"replication": {"role": sprintf("arn:aws:iam::%s:role/replication", [account]), "rules": rules}}

# The same resource in another account that was scanned together with the one of the tests.
foreign(entry) := object.union(entry, {"account": "210987654321"})

# A versioned bucket in the other Region of the tests.
replica_bucket(name, attributes) := bucket_in("eu-central-1", name, attributes)

# Both relations of enabled rules, as the index derives them, from pairs of names.
replicating(pairs) := {
	"replicates_to": {bucket_arn(from): [bucket_arn(to) | some [other, to] in pairs; other == from] |
		some [from, _] in pairs
	},
	"reads_from": {bucket_arn(to): [bucket_arn(from) | some [from, other] in pairs; other == to] |
		some [_, to] in pairs
	},
}

# An enabled replication rule for all objects.
replication_rule(destination, settings) := object.union(
	{
		"id": "all",
		"enabled": true,
		"covers_all_objects": true,
		"destination_bucket": bucket_arn(destination),
		"destination_account": null,
		"storage_class": null,
		"replication_time_control": true,
		"replication_time_minutes": 15,
		"metrics": true,
		"delete_marker_replication": false,
		"sse_kms_encrypted_objects": null,
		"existing_object_replication": null,
	},
	settings,
)

# An enabled lifecycle rule for all objects.
lifecycle_rule(settings) := object.union(
	{
		"id": "all",
		"enabled": true,
		"covers_all_objects": true,
		"noncurrent_days": null,
		"newer_noncurrent_versions": null,
		"expiration_days": null,
		"transition_storage_classes": [],
	},
	settings,
)
