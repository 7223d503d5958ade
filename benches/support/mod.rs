//! A large account, made up but of the usual proportions, for the benches.

mod backup;
mod compute;

use hadr_scan::snapshot::{
    Attributes, Call, Collector, Kind, Outcome, Resource, SCHEMA_VERSION, Scope, Snapshot, Timestamp, Zone,
    operation, rds, s3,
};

const REGIONS: [&str; 4] = ["ap-northeast-1", "ap-southeast-1", "eu-west-1", "us-east-1"];
const ACCOUNT: &str = "123456789012";

/// A snapshot with about `size` resources, one in twenty of which is as it should not be. What replication measures of
/// its buckets is missing, as it is where nobody asked for it.
pub(crate) fn account(size: usize) -> Snapshot {
    let mut resources = Vec::with_capacity(size);
    for number in 0..size / 26 {
        let mut service = ten_resources(number);
        service.extend(compute::ten_resources(number));
        let backups: Vec<Resource> = service.iter().filter_map(backup_of).collect();
        resources.extend(service.into_iter().chain(backups));
    }
    resources.extend(REGIONS.into_iter().flat_map(compute::zones));
    resources.extend(REGIONS.map(subscription));
    resources.extend(REGIONS.into_iter().flat_map(backup::settings));
    resources.sort_by(|left, right| (left.kind.as_str(), &left.arn).cmp(&(right.kind.as_str(), &right.arn)));
    let regions: Vec<String> = REGIONS.map(str::to_owned).to_vec();
    let everywhere = REGIONS.into_iter().chain(["global"]);
    let coverage = everywhere.flat_map(|region| {
        operation::OPERATIONS.iter().map(move |operation| Call {
            service: operation.service.to_owned(),
            operation: operation.name.to_owned(),
            region: region.to_owned(),
            outcome: Outcome::Collected,
            code: None,
            items: 0,
        })
    });
    Snapshot {
        schema_version: SCHEMA_VERSION,
        captured_at: Timestamp::from_unix_seconds(1_795_316_400),
        collector: Collector::this(),
        scope: Scope { partition: "aws".to_owned(), account: ACCOUNT.to_owned(), alias: None, regions },
        coverage: coverage.collect(),
        resources,
    }
}

/// A subscription through which somebody hears of every failover in a Region.
fn subscription(region: &str) -> Resource {
    let attributes = rds::EventSubscription {
        enabled: Some(true),
        status: text("active"),
        source_type: None,
        source_ids: Vec::new(),
        event_categories: Vec::new(),
        sns_topic_arn: Some(format!("arn:aws:sns:{region}:{ACCOUNT}:operations")),
    };
    resource(
        Kind::EventSubscription,
        format!("arn:aws:rds:{region}:{ACCOUNT}:es:operations"),
        "operations".to_owned(),
        region,
        Attributes::EventSubscription(Box::new(attributes)),
    )
}

/// Last night's backup of a resource that holds data.
fn backup_of(resource: &Resource) -> Option<Resource> {
    let resource_type = match resource.kind {
        Kind::Bucket => "S3",
        Kind::DbCluster => "Aurora",
        Kind::DbInstance if !resource.name.ends_with("reader") => "RDS",
        Kind::Volume => "EBS",
        _ => return None,
    };
    Some(backup::of(resource, resource_type))
}

/// Two instances, three snapshots, an automated backup, a cluster with a member, and two buckets. What is as it
/// should be is replicated to the next Region.
fn ten_resources(number: usize) -> Vec<Resource> {
    let region = REGIONS[number % REGIONS.len()];
    let good = !number.is_multiple_of(20);
    let next = REGIONS[(number + 1) % REGIONS.len()];
    let arn = |kind: &str, name: &str| format!("arn:aws:rds:{region}:{ACCOUNT}:{kind}:{name}");
    let elsewhere = |kind: &str, name: &str| vec![format!("arn:aws:rds:{next}:{ACCOUNT}:{kind}:{name}-dr")];
    let database = |suffix: &str| format!("orders-{number}-{suffix}");
    let instance = |suffix: &str, role, cluster: Option<String>| {
        let name = database(suffix);
        let mut attributes = db_instance(region, role, cluster, good);
        if good && attributes.db_cluster_identifier.is_none() {
            attributes.read_replica_db_instance_arns = elsewhere("db", &name);
            attributes.db_instance_automated_backups_replications = elsewhere("auto-backup", &name);
        }
        resource(
            Kind::DbInstance,
            arn("db", &name),
            name,
            region,
            Attributes::DbInstance(Box::new(attributes)),
        )
    };
    let snapshot = |suffix: &str, of: &str| {
        let name = format!("{}-{suffix}", database(of));
        let source = arn("db", &database(of));
        let attributes = Attributes::DbSnapshot(Box::new(db_snapshot(source)));
        resource(Kind::DbSnapshot, arn("snapshot", &name), name, region, attributes)
    };
    let cluster = database("cluster");
    let mut cluster_attributes = db_cluster(arn("db", &database("reader")), good);
    if good {
        cluster_attributes.read_replica_identifiers = elsewhere("cluster", &cluster);
    }
    let cluster_snapshot = format!("{cluster}-monthly");
    let bucket = |suffix: &str| {
        let name = format!("data-{number}-{suffix}");
        let attributes = Attributes::Bucket(Box::new(bucket(number, good)));
        resource(Kind::Bucket, format!("arn:aws:s3:::{name}"), name, region, attributes)
    };
    vec![
        instance("a", rds::DbInstanceRole::Standalone, None),
        instance("b", rds::DbInstanceRole::Standalone, None),
        instance("reader", rds::DbInstanceRole::AuroraMember, Some(cluster.clone())),
        snapshot("monthly", "a"),
        resource(
            Kind::DbClusterSnapshot,
            arn("cluster-snapshot", &cluster_snapshot),
            cluster_snapshot,
            region,
            Attributes::DbSnapshot(Box::new(db_snapshot(arn("cluster", &cluster)))),
        ),
        snapshot("monthly", "b"),
        resource(
            Kind::DbInstanceAutomatedBackup,
            arn("auto-backup", &format!("ab-{number}")),
            format!("ab-{number}"),
            region,
            Attributes::AutomatedBackup(Box::new(automated_backup(arn("db", &database("a")), region))),
        ),
        resource(
            Kind::DbCluster,
            arn("cluster", &cluster),
            cluster,
            region,
            Attributes::DbCluster(Box::new(cluster_attributes)),
        ),
        bucket("primary"),
        bucket("copy"),
    ]
}

fn resource(kind: Kind, arn: String, name: String, region: &str, attributes: Attributes) -> Resource {
    let zones = match kind {
        Kind::DbInstance => vec![Zone::named(format!("{region}a")), Zone::named(format!("{region}c"))],
        _ => Vec::new(),
    };
    let tags = [
        ("hadr:tier".to_owned(), "business-critical".to_owned()),
        ("Name".to_owned(), name.clone()),
        ("team".to_owned(), "payments".to_owned()),
    ];
    Resource {
        kind,
        arn,
        name,
        region: region.to_owned(),
        zones,
        tags: Some(tags.into_iter().collect()),
        attributes,
        gaps: Vec::new(),
    }
}

const NEWEST: Timestamp = Timestamp::from_unix_seconds(1_795_316_100);
const CREATED: Timestamp = Timestamp::from_unix_seconds(1_700_000_000);

fn key(region: &str) -> Option<String> {
    Some(format!("arn:aws:kms:{region}:{ACCOUNT}:key/mrk-0f0f0f0f000040008000000000000000"))
}

fn text(text: &str) -> Option<String> {
    Some(text.to_owned())
}

fn db_instance(
    region: &str,
    role: rds::DbInstanceRole,
    cluster: Option<String>,
    good: bool,
) -> rds::DbInstance {
    rds::DbInstance {
        role,
        engine: text(if cluster.is_some() { "aurora-postgresql" } else { "postgres" }),
        engine_version: text("16.4"),
        db_instance_status: text("available"),
        db_instance_class: text("db.r6g.large"),
        multi_az: Some(good && cluster.is_none()),
        pending_modified_values: rds::PendingModifiedValues::default(),
        backup_retention_period: Some(if good { 35 } else { 1 }),
        latest_restorable_time: Some(NEWEST),
        deletion_protection: Some(good),
        storage_encrypted: Some(true),
        kms_key_id: key(region),
        allocated_storage: Some(500),
        max_allocated_storage: Some(1000),
        iops: Some(3000),
        publicly_accessible: Some(false),
        preferred_backup_window: text("18:00-18:30"),
        preferred_maintenance_window: text("sun:19:00-sun:19:30"),
        db_cluster_identifier: cluster,
        read_replica_source_db_instance_arn: None,
        read_replica_source_db_cluster_arn: None,
        read_replica_db_instance_arns: Vec::new(),
        replica_mode: None,
        db_instance_automated_backups_replications: Vec::new(),
        db_subnet_group_name: text("default"),
        db_parameter_groups: vec!["default.postgres16".to_owned()],
        promotion_tier: None,
        backup_target: text("region"),
        status_infos: Vec::new(),
        aws_backup_recovery_point_arn: None,
        dbi_resource_id: None,
        instance_create_time: Some(CREATED),
    }
}

fn db_cluster(member: String, good: bool) -> rds::DbCluster {
    rds::DbCluster {
        family: rds::DbClusterFamily::Aurora,
        engine: text("aurora-postgresql"),
        engine_version: text("16.4"),
        engine_mode: text("provisioned"),
        status: text("available"),
        multi_az: Some(true),
        db_cluster_instance_class: None,
        db_cluster_members: vec![rds::DbClusterMember {
            arn: member,
            is_cluster_writer: Some(true),
            promotion_tier: Some(1),
        }],
        serverless_v2_scaling_configuration: None,
        backup_retention_period: Some(35),
        earliest_restorable_time: Some(CREATED),
        latest_restorable_time: Some(NEWEST),
        backtrack_window: None,
        deletion_protection: Some(good),
        storage_encrypted: Some(true),
        kms_key_id: None,
        global_cluster_identifier: None,
        replication_source_identifier: None,
        read_replica_identifiers: Vec::new(),
        preferred_backup_window: text("18:00-18:30"),
        preferred_maintenance_window: text("sun:19:00-sun:19:30"),
        db_subnet_group: text("default"),
        db_cluster_parameter_group: text("default.aurora-postgresql16"),
        aws_backup_recovery_point_arn: None,
        db_cluster_resource_id: None,
        cluster_create_time: Some(CREATED),
    }
}

fn db_snapshot(source: String) -> rds::DbSnapshot {
    rds::DbSnapshot {
        source_arn: Some(source),
        source_resource_id: None,
        source_snapshot_arn: None,
        snapshot_type: text("manual"),
        status: text("available"),
        snapshot_create_time: Some(NEWEST),
        original_snapshot_create_time: Some(NEWEST),
        encrypted: Some(true),
        kms_key_id: None,
        engine: text("postgres"),
    }
}

fn automated_backup(source: String, region: &str) -> rds::AutomatedBackup {
    rds::AutomatedBackup {
        source_arn: Some(source),
        source_resource_id: None,
        source_region: text(region),
        status: text("active"),
        backup_retention_period: Some(35),
        earliest_time: Some(CREATED),
        latest_time: Some(NEWEST),
        replications: Vec::new(),
        encrypted: Some(true),
        kms_key_id: None,
    }
}

fn bucket(number: usize, good: bool) -> s3::Bucket {
    s3::Bucket {
        creation_date: Some(CREATED),
        versioning: Some(s3::Versioning {
            status: if good { s3::VersioningStatus::Enabled } else { s3::VersioningStatus::Never },
            mfa_delete: None,
        }),
        replication: Some(s3::Replication {
            role: text("arn:aws:iam::123456789012:role/replication"),
            rules: vec![s3::ReplicationRule {
                id: text("all"),
                enabled: Some(true),
                covers_all_objects: true,
                // The next number is in the next Region.
                destination_bucket: Some(format!("arn:aws:s3:::data-{}-copy", number + 1)),
                replication_time_control: Some(true),
                replication_time_minutes: Some(15),
                metrics: Some(true),
                delete_marker_replication: Some(false),
                ..s3::ReplicationRule::default()
            }],
        }),
        lifecycle: Some(s3::Lifecycle::default()),
        object_lock: Some(s3::ObjectLock::default()),
        encryption: Some(s3::Encryption { sse_algorithm: text("AES256"), kms_master_key_id: None }),
    }
}
