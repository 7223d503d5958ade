//! `seed_architecture`: the architecture that the project's seed document configures, command by command, in
//! Tokyo and Singapore. Its defects are what the account is for:
//!
//! - the database is unencrypted and its replica not ready to be the primary: no backups, one zone;
//! - the only snapshot that leaves the Region is monthly;
//! - both clusters of the Aurora global database have no instance;
//! - bucket replication copies delete markers, and nothing makes the replica immutable;
//! - tables have no point-in-time recovery;
//! - the health check asks for the name that it decides, the alias of the primary names CloudFront's zone, and
//!   neither half of the failover looks at its load balancer;
//! - nothing is left over when a zone is lost: three instances are the least, and there are three;
//! - nobody is told about a failover, and nothing is protected from deletion.

use aws_sdk_elasticloadbalancingv2::types::ProtocolEnum;
use aws_sdk_route53::types::ResourceRecordSetFailover;

use super::OrFail as _;
use super::compute::{self, Check, Group};
use super::dns::{self, Failover, SINGAPORE_BALANCERS};
use super::network;
use super::{INSTANCE_CLASS, Replication, SINGAPORE, TOKYO};
use super::{bucket, keys, rds, replicate, replicate_table, table, version};
use crate::support::account::Account;

const DATABASE: &str = "production-db";
const SNAPSHOT: &str = "production-db-monthly-202501";
const GLOBAL: &str = "production-global-cluster";

/// Fills the account.
pub(crate) async fn seed(account: &Account) {
    database(account).await;
    replica(account).await;
    backups(account).await;
    global_database(account).await;
    buckets(account).await;
    tables(account).await;
    web(account).await;
    names(account).await;
}

/// "Multi-AZ RDS". The document gives no credentials, without which AWS refuses the command. Its maintenance
/// begins in the minute in which the backup ends, which moto takes for an overlap.
async fn database(account: &Account) {
    rds(account, TOKYO)
        .create_db_instance()
        .db_instance_identifier(DATABASE)
        .db_instance_class(INSTANCE_CLASS)
        .engine("postgres")
        .engine_version("16.4")
        .multi_az(true)
        .allocated_storage(500)
        .storage_type("gp3")
        .backup_retention_period(30)
        .preferred_backup_window("03:00-04:00")
        .preferred_maintenance_window("sun:04:01-sun:05:00")
        .availability_zone(format!("{TOKYO}a"))
        .master_username("app")
        .master_user_password("not-a-secret")
        .send()
        .await
        .or_fail(DATABASE);
}

/// "RDS cross-Region replication". Its flags for encryption do not exist, and a replica of an unencrypted
/// instance cannot be encrypted: what AWS lets one build is this.
async fn replica(account: &Account) {
    let name = "production-db-replica-singapore";
    let client = rds(account, SINGAPORE);
    client
        .create_db_instance_read_replica()
        .db_instance_identifier(name)
        .source_db_instance_identifier(account.arn("rds", TOKYO, &format!("db:{DATABASE}")))
        .db_instance_class(INSTANCE_CLASS)
        .availability_zone(format!("{SINGAPORE}a"))
        .multi_az(false)
        .publicly_accessible(false)
        .send()
        .await
        .or_fail(name);
    // A new replica has no backups; moto copies the setting of the source.
    client
        .modify_db_instance()
        .db_instance_identifier(name)
        .backup_retention_period(0)
        .apply_immediately(true)
        .send()
        .await
        .or_fail(&format!("backups of {name}"));
}

/// "Database backups": 35 days, and a snapshot that goes to Singapore once a month.
async fn backups(account: &Account) {
    let tokyo = rds(account, TOKYO);
    tokyo
        .modify_db_instance()
        .db_instance_identifier(DATABASE)
        .backup_retention_period(35)
        .preferred_backup_window("03:00-04:00")
        .apply_immediately(true)
        .send()
        .await
        .or_fail(&format!("backups of {DATABASE}"));
    tokyo
        .create_db_snapshot()
        .db_instance_identifier(DATABASE)
        .db_snapshot_identifier(SNAPSHOT)
        .send()
        .await
        .or_fail(SNAPSHOT);
    keys::key(account, SINGAPORE, "alias/rds-backup-key").await;
    rds(account, SINGAPORE)
        .copy_db_snapshot()
        .source_db_snapshot_identifier(account.arn("rds", TOKYO, &format!("snapshot:{SNAPSHOT}")))
        .target_db_snapshot_identifier(format!("{SNAPSHOT}-singapore"))
        .kms_key_id("alias/rds-backup-key")
        .send()
        .await
        .or_fail(&format!("copy of {SNAPSHOT}"));
}

/// "Aurora Global Database", with no instance on either side.
async fn global_database(account: &Account) {
    rds(account, TOKYO)
        .create_global_cluster()
        .global_cluster_identifier(GLOBAL)
        .engine("aurora-postgresql")
        .engine_version("15.4")
        .send()
        .await
        .or_fail(GLOBAL);
    for (region, name) in [(TOKYO, "production-cluster-tokyo"), (SINGAPORE, "production-cluster-singapore")] {
        rds(account, region)
            .create_db_cluster()
            .db_cluster_identifier(name)
            .engine("aurora-postgresql")
            .engine_version("15.4")
            .global_cluster_identifier(GLOBAL)
            .send()
            .await
            .or_fail(name);
    }
}

/// "S3 cross-Region replication".
async fn buckets(account: &Account) {
    let primary = bucket(account, TOKYO, "my-bucket-primary", false, &[]).await;
    let replica = bucket(account, SINGAPORE, "my-bucket-replica-singapore", false, &[]).await;
    version(account, TOKYO, &primary).await;
    version(account, SINGAPORE, &replica).await;
    replicate(account, TOKYO, &primary, &replica, Replication { timed: true, delete_markers: true }).await;
}

/// "DynamoDB Global Tables". The document makes one of the version of 2017, which no server has: this is what its
/// successor makes of the same table.
async fn tables(account: &Account) {
    let name = "GlobalTable";
    table(account, TOKYO, name, &[]).await;
    replicate_table(account, TOKYO, name, SINGAPORE).await;
}

/// "Multi-AZ ELB + Auto Scaling". The target group is only named in the document; it is the one that a console makes.
async fn web(account: &Account) {
    let network = network::default_network(account, TOKYO, &["a", "c", "d"]).await;
    let balancer =
        compute::load_balancer(account, TOKYO, "production-alb", &network.public, false, &[]).await;
    let check = Check { protocol: ProtocolEnum::Http, interval: 30, failures: 2 };
    let targets = compute::target_group(account, &network, "web-tg", &balancer, check, &[]).await;
    let image = compute::image(account, TOKYO, "web").await;
    let group = Group {
        name: "web-asg",
        template: "web-template",
        version: None,
        instance_types: &[],
        image: &image,
        subnets: &network.public,
        sizes: [3, 10, 3],
        health_check: "ELB",
        target_group: Some(&targets),
        tags: &[],
    };
    compute::group(account, TOKYO, group).await;
}

/// "Route 53 Health Check" and "Route 53 Failover Routing". The id of the health check in the document is made up;
/// here it is the one of the check that the document makes.
async fn names(account: &Account) {
    let zone = dns::zone(account, "example.com").await;
    let check = dns::health_check(account, "api.example.com", 30, 3).await;
    let sets = [
        Failover {
            role: ResourceRecordSetFailover::Primary,
            health_check: Some(&check),
            balancer: "alb-primary.ap-northeast-1.elb.amazonaws.com",
            balancer_zone: "Z2FDTNDATAQYW2",
            evaluate_target_health: false,
        },
        Failover {
            role: ResourceRecordSetFailover::Secondary,
            health_check: None,
            balancer: "alb-secondary.ap-southeast-1.elb.amazonaws.com",
            balancer_zone: SINGAPORE_BALANCERS,
            evaluate_target_health: false,
        },
    ];
    dns::failover(account, &zone, "api.example.com", sets).await;
}
