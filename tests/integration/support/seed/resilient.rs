//! `resilient`: nothing to find. A mission-critical workload in Tokyo that can lose an instance, a zone, the
//! Region or its data, and recover in Singapore from what is there already.

mod backups;

use aws_sdk_arcregionswitch::types::RecoveryApproach;
use aws_sdk_elasticloadbalancingv2::types::ProtocolEnum;
use aws_sdk_route53::types::ResourceRecordSetFailover;

use super::OrFail as _;
use super::compute::{self, Balancer, Check, Group};
use super::dns::{self, Failover, SINGAPORE_BALANCERS, TOKYO_BALANCERS};
use super::keys::{self, Watched};
use super::network::{Exits, endpoint, network};
use super::{INSTANCE_CLASS, Replication, SINGAPORE, TOKYO, Tags};
use super::{bucket, expire_noncurrent, lock, rds, rds_tags, replicate, subnet_group, version};
use super::{protect_table, replicate_table, table, tag_table};
use crate::support::account::Account;

const TAGS: Tags<'static> = &[
    ("hadr:tier", "mission-critical"),
    ("hadr:workload", "orders"),
    ("hadr:rto", "1h"),
    ("hadr:rpo", "15m"),
    ("env", "prod"),
];
const BACKUP_TAGS: Tags<'static> = &[
    ("hadr:tier", "mission-critical"),
    ("hadr:workload", "orders"),
    ("hadr:role", "backup"),
    ("env", "prod"),
];
/// Retention everywhere: the longest that RDS keeps.
const DAYS: i32 = 35;
/// Night in Tokyo; the windows are in UTC.
const BACKUP_WINDOW: &str = "18:00-19:00";
const MAINTENANCE_WINDOW: &str = "sun:20:00-sun:21:00";
const SUBNETS: &str = "orders";
const IMAGE: &str = "orders-web";
const ENGINE: &str = "aurora-postgresql";

/// A Region of the workload, with what is called differently in each.
struct Place {
    region: &'static str,
    zones: [&'static str; 3],
    key: String,
}

impl Place {
    fn zone(&self, index: usize) -> String {
        format!("{}{}", self.region, self.zones[index])
    }
}

/// Fills the account.
pub(crate) async fn seed(account: &Account) {
    let primary = place(account, TOKYO, ["a", "c", "d"]).await;
    let recovery = place(account, SINGAPORE, ["a", "b", "c"]).await;
    database(account, &primary, &recovery).await;
    global_database(account, &primary, &recovery).await;
    snapshots(account, &recovery).await;
    buckets(account).await;
    tables(account).await;
    let image = compute::image(account, TOKYO, IMAGE).await;
    let copy = compute::copy_image(account, (TOKYO, &image), SINGAPORE, IMAGE).await;
    let (in_tokyo, instances) = web(account, &primary, &image).await;
    let (in_singapore, _) = web(account, &recovery, &copy).await;
    let volume = files(account, &primary, &instances[0]).await;
    names(account, [&in_tokyo, &in_singapore]).await;
    let arns = |region: &str, suffix: &str| {
        let bucket = |name: &str| format!("arn:aws:s3:::{}", account.bucket(&format!("{name}{suffix}")));
        [
            account.arn("rds", region, &format!("db:orders{suffix}")),
            account.arn("rds", region, &format!("cluster:ledger{suffix}")),
            account.arn("dynamodb", region, "table/carts"),
            bucket("orders"),
            bucket("orders-backups"),
        ]
        .to_vec()
    };
    let volume = account.arn("ec2", TOKYO, &format!("volume/{volume}"));
    let (in_tokyo, in_singapore) = ([arns(TOKYO, ""), vec![volume]].concat(), arns(SINGAPORE, "-dr"));
    backups::seed(account, [(&primary, &in_tokyo), (&recovery, &in_singapore)]).await;
    plan(account).await;
}

/// A plan that moves all of it, with the name of the workload.
async fn plan(account: &Account) {
    aws_sdk_arcregionswitch::Client::new(&account.sdk_config("us-east-1"))
        .create_plan()
        .name("orders")
        .regions(TOKYO)
        .regions(SINGAPORE)
        .primary_region(TOKYO)
        .recovery_approach(RecoveryApproach::ActivePassive)
        .recovery_time_objective_minutes(60)
        .execution_role(format!("arn:aws:iam::{}:role/switch", account.id))
        .set_workflows(Some(Vec::new()))
        .send()
        .await
        .or_fail("plan of Region switch");
}

/// What both Regions have: subnets in three zones, a key of one's own, and somebody who hears of a failover.
async fn place(account: &Account, region: &'static str, zones: [&'static str; 3]) -> Place {
    subnet_group(account, region, SUBNETS, &zones).await;
    let key = keys::key(account, region, "alias/orders").await;
    for source in ["db-instance", "db-cluster"] {
        let categories = ["failover", "failure", "availability", "maintenance", "notification"];
        rds(account, region)
            .create_event_subscription()
            .subscription_name(format!("orders-{source}"))
            .sns_topic_arn(account.arn("sns", region, "operations"))
            .source_type(source)
            .set_event_categories(Some(categories.map(str::to_owned).to_vec()))
            .enabled(true)
            .set_tags(rds_tags(TAGS))
            .send()
            .await
            .or_fail(&format!("event subscription in {region}"));
    }
    Place { region, zones, key }
}

/// A Multi-AZ instance, and in the other Region a replica that could be the primary as it stands.
async fn database(account: &Account, primary: &Place, recovery: &Place) {
    rds(account, primary.region)
        .create_db_instance()
        .db_instance_identifier("orders")
        .engine("postgres")
        .engine_version("16.4")
        .db_instance_class(INSTANCE_CLASS)
        .allocated_storage(500)
        .storage_type("gp3")
        .max_allocated_storage(1000)
        .master_username("app")
        .master_user_password("not-a-secret")
        .db_subnet_group_name(SUBNETS)
        .availability_zone(primary.zone(0))
        .multi_az(true)
        .storage_encrypted(true)
        .kms_key_id(&primary.key)
        .backup_retention_period(DAYS)
        .preferred_backup_window(BACKUP_WINDOW)
        .preferred_maintenance_window(MAINTENANCE_WINDOW)
        .copy_tags_to_snapshot(true)
        .deletion_protection(true)
        .set_tags(rds_tags(TAGS))
        .send()
        .await
        .or_fail("orders");
    let client = rds(account, recovery.region);
    client
        .create_db_instance_read_replica()
        .db_instance_identifier("orders-dr")
        .source_db_instance_identifier(account.arn("rds", primary.region, "db:orders"))
        .db_instance_class(INSTANCE_CLASS)
        .availability_zone(recovery.zone(0))
        .db_subnet_group_name(SUBNETS)
        .multi_az(true)
        .kms_key_id(&recovery.key)
        .deletion_protection(true)
        .copy_tags_to_snapshot(true)
        .set_tags(rds_tags(TAGS))
        .send()
        .await
        .or_fail("orders-dr");
    client
        .modify_db_instance()
        .db_instance_identifier("orders-dr")
        .backup_retention_period(DAYS)
        .preferred_backup_window(BACKUP_WINDOW)
        .apply_immediately(true)
        .send()
        .await
        .or_fail("backups of orders-dr");
}

/// A global database with a writer or reader in two zones of both Regions.
async fn global_database(account: &Account, primary: &Place, recovery: &Place) {
    rds(account, primary.region)
        .create_global_cluster()
        .global_cluster_identifier("ledger")
        .engine(ENGINE)
        .engine_version("16.6")
        .storage_encrypted(true)
        .deletion_protection(true)
        .send()
        .await
        .or_fail("global cluster");
    // The first cluster that joins is the one that writes.
    cluster(account, primary, "ledger", Some("app")).await;
    cluster(account, recovery, "ledger-dr", None).await;
}

/// A member of the global database. Only the one that writes has a user of its own to begin with.
async fn cluster(account: &Account, place: &Place, name: &str, user: Option<&str>) {
    let client = rds(account, place.region);
    client
        .create_db_cluster()
        .db_cluster_identifier(name)
        .engine(ENGINE)
        .engine_version("16.6")
        .set_master_username(user.map(str::to_owned))
        .set_master_user_password(user.map(|_| "not-a-secret".into()))
        .global_cluster_identifier("ledger")
        .db_subnet_group_name(SUBNETS)
        .storage_encrypted(true)
        .kms_key_id(&place.key)
        .backup_retention_period(DAYS)
        .preferred_backup_window(BACKUP_WINDOW)
        .preferred_maintenance_window(MAINTENANCE_WINDOW)
        .copy_tags_to_snapshot(true)
        .deletion_protection(true)
        .set_tags(rds_tags(TAGS))
        .send()
        .await
        .or_fail(&format!("cluster {name}"));
    for number in 1..=2 {
        client
            .create_db_instance()
            .db_instance_identifier(format!("{name}-{number}"))
            .db_cluster_identifier(name)
            .engine(ENGINE)
            .engine_version("16.6")
            .db_instance_class(INSTANCE_CLASS)
            .db_subnet_group_name(SUBNETS)
            .availability_zone(place.zone(number - 1))
            .promotion_tier(1)
            .preferred_maintenance_window(MAINTENANCE_WINDOW)
            .set_tags(rds_tags(TAGS))
            .send()
            .await
            .or_fail(&format!("{name}-{number}"));
    }
}

/// Manual snapshots, which outlive what they were taken of, and their copies in the other Region.
async fn snapshots(account: &Account, recovery: &Place) {
    let tokyo = rds(account, TOKYO);
    let singapore = rds(account, recovery.region);
    tokyo
        .create_db_snapshot()
        .db_instance_identifier("orders")
        .db_snapshot_identifier("orders-monthly")
        .set_tags(rds_tags(TAGS))
        .send()
        .await
        .or_fail("orders-monthly");
    singapore
        .copy_db_snapshot()
        .source_db_snapshot_identifier(account.arn("rds", TOKYO, "snapshot:orders-monthly"))
        .target_db_snapshot_identifier("orders-monthly-dr")
        .kms_key_id(&recovery.key)
        .copy_tags(true)
        .send()
        .await
        .or_fail("orders-monthly-dr");
    tokyo
        .create_db_cluster_snapshot()
        .db_cluster_identifier("ledger")
        .db_cluster_snapshot_identifier("ledger-monthly")
        .set_tags(rds_tags(TAGS))
        .send()
        .await
        .or_fail("ledger-monthly");
    singapore
        .copy_db_cluster_snapshot()
        .source_db_cluster_snapshot_identifier(account.arn("rds", TOKYO, "cluster-snapshot:ledger-monthly"))
        .target_db_cluster_snapshot_identifier("ledger-monthly-dr")
        .kms_key_id(&recovery.key)
        .copy_tags(true)
        .send()
        .await
        .or_fail("ledger-monthly-dr");
    // The copies' own Region keeps manual snapshots of what runs there, too.
    singapore
        .create_db_snapshot()
        .db_instance_identifier("orders-dr")
        .db_snapshot_identifier("orders-dr-monthly")
        .set_tags(rds_tags(TAGS))
        .send()
        .await
        .or_fail("orders-dr-monthly");
    singapore
        .create_db_cluster_snapshot()
        .db_cluster_identifier("ledger-dr")
        .db_cluster_snapshot_identifier("ledger-dr-monthly")
        .set_tags(rds_tags(TAGS))
        .send()
        .await
        .or_fail("ledger-dr-monthly");
}

/// Data and backups, each with a replica in the other Region that delete markers do not reach.
async fn buckets(account: &Account) {
    for (name, locked, tags) in [("orders", false, TAGS), ("orders-backups", true, BACKUP_TAGS)] {
        let source = bucket(account, TOKYO, name, locked, tags).await;
        let replica = bucket(account, SINGAPORE, &format!("{name}-dr"), locked, tags).await;
        for (region, bucket) in [(TOKYO, &source), (SINGAPORE, &replica)] {
            version(account, region, bucket).await;
            expire_noncurrent(account, region, bucket, DAYS).await;
            if locked {
                lock(account, region, bucket, DAYS).await;
            }
        }
        replicate(account, TOKYO, &source, &replica, Replication { timed: true, delete_markers: false })
            .await;
        let rule = [("SourceBucket", &*source), ("DestinationBucket", &replica), ("RuleId", "ReplicateAll")];
        let fails = Watched {
            namespace: "AWS/S3",
            metric: "OperationsFailedReplication",
            dimensions: &rule,
            below: false,
        };
        keys::alarm(account, TOKYO, &format!("{name}-replication"), fails).await;
    }
}

/// A global table. Its replicas are protected one by one.
async fn tables(account: &Account) {
    table(account, TOKYO, "carts", TAGS).await;
    replicate_table(account, TOKYO, "carts", SINGAPORE).await;
    tag_table(account, SINGAPORE, "carts", TAGS).await;
    for region in [TOKYO, SINGAPORE] {
        protect_table(account, region, "carts").await;
    }
}

/// What answers in a Region: a load balancer over three zones, and behind it a group that stands the loss of one of
/// them. Each zone has a way out of its own.
async fn web(account: &Account, place: &Place, image: &str) -> (Balancer, Vec<String>) {
    let region = place.region;
    let network = network(account, region, &place.zones, Exits::PerZone).await;
    endpoint(account, &network, &network.private).await;
    let balancer = compute::load_balancer(account, region, "orders", &network.public, true, TAGS).await;
    let check = Check { protocol: ProtocolEnum::Http, interval: 10, failures: 2 };
    let targets = compute::target_group(account, &network, "orders", &balancer, check, TAGS).await;
    let group = Group {
        name: "orders",
        template: "orders",
        version: Some("$Default"),
        instance_types: &["m7g.large", "m6g.large"],
        image,
        subnets: &network.private,
        sizes: [4, 12, 6],
        health_check: "ELB",
        target_group: Some(&targets),
        tags: TAGS,
    };
    (balancer, compute::group(account, region, group).await)
}

/// A volume with data, and its snapshot in both Regions; gives the id of the volume.
async fn files(account: &Account, place: &Place, instance: &str) -> String {
    let volume = compute::volume(account, place.region, place.zones[0], instance, None, TAGS).await;
    let snapshot = compute::snapshot(account, place.region, &volume).await;
    compute::copy_snapshot(account, (place.region, &snapshot), SINGAPORE).await;
    volume
}

/// A name that fails over to the other Region, by a health check of the load balancer itself, of which somebody hears.
async fn names(account: &Account, [primary, secondary]: [&Balancer; 2]) {
    let zone = dns::zone(account, "orders.example").await;
    let check = dns::health_check(account, &primary.dns_name, 10, 3).await;
    // The metrics of all health checks are in one Region.
    let fails = Watched {
        namespace: "AWS/Route53",
        metric: "HealthCheckStatus",
        dimensions: &[("HealthCheckId", &check)],
        below: true,
    };
    keys::alarm(account, "us-east-1", "orders", fails).await;
    let sets = [
        Failover {
            role: ResourceRecordSetFailover::Primary,
            health_check: Some(&check),
            balancer: &primary.dns_name,
            balancer_zone: TOKYO_BALANCERS,
            evaluate_target_health: true,
        },
        Failover {
            role: ResourceRecordSetFailover::Secondary,
            health_check: None,
            balancer: &secondary.dns_name,
            balancer_zone: SINGAPORE_BALANCERS,
            evaluate_target_health: true,
        },
    ];
    dns::failover(account, &zone, "www.orders.example", sets).await;
}
