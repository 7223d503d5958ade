//! The lists that no calls about single items hang on, and what tells one item of each from the next.

use hadr_scan::snapshot::Kind;
use serde_json::{Value, json};

use super::{Found, tokyo};
use crate::support::gateway::{Gateway, service};
use crate::support::seed::TOKYO;
use crate::support::stub::{ACCOUNT, id};

/// A list, what is on it, and a setting that tells one item from the next.
pub(super) struct Listed {
    service: &'static str,
    pub(super) operation: &'static str,
    pub(super) items: usize,
    page: usize,
    kind: Kind,
    arn: fn(&str) -> String,
    path: &'static str,
    value: fn(usize) -> Value,
}

impl Listed {
    fn new(
        (service, operation): (&'static str, &'static str),
        (items, page): (usize, usize),
        kind: Kind,
        arn: fn(&str) -> String,
        (path, value): (&'static str, fn(usize) -> Value),
    ) -> Self {
        Self { service, operation, items, page, kind, arn, path, value }
    }

    /// The same with another number of items, in pages of another size.
    pub(super) fn paged(self, items: usize, page: usize) -> Self {
        Self { items, page, ..self }
    }

    /// Asserts that the scan has all of it, each item as it is on both sides of every border, in as few calls as
    /// there are pages.
    #[track_caller]
    pub(super) fn is_in(&self, found: &Found, gateway: &Gateway) {
        found.has_all(self.kind, self.items, self.arn);
        let borders = (0..self.items).filter(|number| {
            number.is_multiple_of(self.page)
                || (number + 1).is_multiple_of(self.page)
                || number + 1 == self.items
        });
        for number in borders {
            let arn = (self.arn)(&id(number));
            assert_eq!(found.value(&arn, self.path), &(self.value)(number), "{arn} {}", self.path);
        }
        let requests = gateway.count(service(self.service).operation(self.operation));
        assert_eq!(requests, self.items.div_ceil(self.page), "{}", self.operation);
    }
}

/// All of them, each of several pages. Some end where a page does.
pub(super) fn lists() -> Vec<Listed> {
    let mut lists = lists_of_ec2();
    lists.extend(lists_of_rds());
    lists.extend(lists_of_backups());
    lists.extend([
        Listed::new(
            ("autoscaling", "DescribeAutoScalingGroups"),
            (250, 100),
            Kind::AutoScalingGroup,
            |id| {
                let group = format!("0f0f0f0f-0000-4000-8000-00000{id}:autoScalingGroupName/group-{id}");
                tokyo("autoscaling", &format!("autoScalingGroup:{group}"))
            },
            ("/attributes/max_size", |number| json!(number + 1)),
        ),
        Listed::new(
            ("application-autoscaling", "DescribeScalableTargets"),
            (120, 50),
            Kind::ScalableTarget,
            |id| tokyo("application-autoscaling", &format!("scalable-target/{id}")),
            ("/attributes/max_capacity", |number| json!(number + 1)),
        ),
        Listed::new(
            ("dynamodb", "ListGlobalTables"),
            (200, 100),
            Kind::GlobalTable,
            |id| format!("arn:aws:dynamodb::{ACCOUNT}:global-table/global-{id}"),
            ("/attributes/replication_group", |_| json!([TOKYO, "us-west-2"])),
        ),
        Listed::new(
            ("route53", "ListHostedZones"),
            (250, 100),
            Kind::HostedZone,
            |id| format!("arn:aws:route53:::hostedzone/Z{id}"),
            ("/tags", |number| json!({"number": number.to_string()})),
        ),
        Listed::new(
            ("route53", "ListHealthChecks"),
            (1001, 1000),
            Kind::HealthCheck,
            |id| format!("arn:aws:route53:::healthcheck/0f0f0f0f-0000-4000-8000-00000{id}"),
            ("/attributes/port", |number| json!(number + 1)),
        ),
    ]);
    lists
}

fn lists_of_ec2() -> Vec<Listed> {
    let of =
        |operation, numbers, kind, arn, value| Listed::new(("ec2", operation), numbers, kind, arn, value);
    vec![
        of(
            "DescribeInstances",
            (2500, 1000),
            Kind::Instance,
            |id| tokyo("ec2", &format!("instance/i-0000000000{id}")),
            ("/tags/number", |number| json!(number.to_string())),
        ),
        of(
            "DescribeImages",
            (1001, 1000),
            Kind::Image,
            |id| format!("arn:aws:ec2:{TOKYO}::image/ami-0000000000{id}"),
            ("/name", |number| json!(format!("image-{}", id(number)))),
        ),
        of(
            "DescribeLaunchTemplateVersions",
            (401, 200),
            Kind::LaunchTemplate,
            |id| tokyo("ec2", &format!("launch-template/lt-0000000000{id}")),
            ("/attributes/versions/0/version_number", |number| json!(number + 1)),
        ),
        of(
            "DescribeNatGateways",
            (1001, 1000),
            Kind::NatGateway,
            |id| tokyo("ec2", &format!("natgateway/nat-0000000000{id}")),
            ("/attributes/subnet_id", |number| json!(format!("subnet-0000000000{}", id(number)))),
        ),
        of(
            "DescribeRouteTables",
            (250, 100),
            Kind::RouteTable,
            |id| tokyo("ec2", &format!("route-table/rtb-0000000000{id}")),
            ("/attributes/routes/0/target", |number| json!(format!("nat-0000000000{}", id(number)))),
        ),
        of(
            "DescribeSnapshots",
            (1001, 1000),
            Kind::VolumeSnapshot,
            |id| format!("arn:aws:ec2:{TOKYO}::snapshot/snap-0000000000{id}"),
            ("/attributes/source_volume_arn", |number| {
                json!(tokyo("ec2", &format!("volume/vol-0000000000{}", id(number))))
            }),
        ),
        of(
            "DescribeSubnets",
            (1001, 1000),
            Kind::Subnet,
            |id| tokyo("ec2", &format!("subnet/subnet-0000000000{id}")),
            ("/attributes/available_ip_address_count", |number| json!(number + 1)),
        ),
        of(
            "DescribeVolumes",
            (2000, 1000),
            Kind::Volume,
            |id| tokyo("ec2", &format!("volume/vol-0000000000{id}")),
            ("/attributes/size", |number| json!(number + 1)),
        ),
        of(
            "DescribeVpcEndpoints",
            (1001, 1000),
            Kind::VpcEndpoint,
            |id| tokyo("ec2", &format!("vpc-endpoint/vpce-0000000000{id}")),
            ("/attributes/subnets/0", |number| json!(format!("subnet-0000000000{}", id(number)))),
        ),
    ]
}

fn lists_of_rds() -> Vec<Listed> {
    let of =
        |operation, items, kind, arn, value| Listed::new(("rds", operation), (items, 100), kind, arn, value);
    let is_odd: fn(usize) -> Value = |number| json!(number % 2 == 1);
    vec![
        of(
            "DescribeDBInstances",
            250,
            Kind::DbInstance,
            |id| tokyo("rds", &format!("db:database-{id}")),
            ("/attributes/allocated_storage", |number| json!(number + 1)),
        ),
        of(
            "DescribeDBClusters",
            200,
            Kind::DbCluster,
            |id| tokyo("rds", &format!("cluster:cluster-{id}")),
            ("/attributes/backup_retention_period", |number| json!(number + 1)),
        ),
        of(
            "DescribeGlobalClusters",
            101,
            Kind::GlobalCluster,
            |id| format!("arn:aws:rds::{ACCOUNT}:global-cluster:global-{id}"),
            ("/attributes/global_cluster_members/0/db_cluster_arn", |number| {
                json!(tokyo("rds", &format!("cluster:cluster-{}", id(number))))
            }),
        ),
        of(
            "DescribeDBInstanceAutomatedBackups",
            101,
            Kind::DbInstanceAutomatedBackup,
            |id| tokyo("rds", &format!("auto-backup:ab-{id}")),
            ("/attributes/backup_retention_period", |number| json!(number + 1)),
        ),
        of(
            "DescribeDBClusterAutomatedBackups",
            101,
            Kind::DbClusterAutomatedBackup,
            |id| tokyo("rds", &format!("cluster-auto-backup:cab-{id}")),
            ("/attributes/backup_retention_period", |number| json!(number + 1)),
        ),
        of(
            "DescribeDBSnapshots",
            350,
            Kind::DbSnapshot,
            |id| tokyo("rds", &format!("snapshot:snapshot-{id}")),
            ("/attributes/encrypted", is_odd),
        ),
        of(
            "DescribeDBClusterSnapshots",
            101,
            Kind::DbClusterSnapshot,
            |id| tokyo("rds", &format!("cluster-snapshot:cluster-snapshot-{id}")),
            ("/attributes/encrypted", is_odd),
        ),
        of(
            "DescribeDBSubnetGroups",
            101,
            Kind::DbSubnetGroup,
            |id| tokyo("rds", &format!("subgrp:subnets-{id}")),
            ("/attributes/subnets/0/subnet_identifier", |number| {
                json!(format!("subnet-0000000000{}", id(number)))
            }),
        ),
        of(
            "DescribeEventSubscriptions",
            101,
            Kind::EventSubscription,
            |id| tokyo("rds", &format!("es:subscription-{id}")),
            ("/attributes/enabled", is_odd),
        ),
    ]
}

/// What makes backups, what encrypts them, and what rings.
fn lists_of_backups() -> [Listed; 6] {
    let of = |operation, items, kind, arn, value| {
        Listed::new(("backup", operation), (items, 1000), kind, arn, value)
    };
    [
        of(
            "ListBackupVaults",
            1001,
            Kind::BackupVault,
            |id| tokyo("backup", &format!("backup-vault:vault-{id}")),
            ("/attributes/max_retention_days", |number| {
                if number.is_multiple_of(2) { Value::Null } else { json!(number + 1) }
            }),
        ),
        of(
            "ListBackupPlans",
            1001,
            Kind::BackupPlan,
            |id| tokyo("backup", &format!("backup-plan:plan-{id}")),
            ("/attributes/rules/0/delete_after_days", |number| json!(number + 1)),
        ),
        of(
            "ListProtectedResources",
            2000,
            Kind::ProtectedResource,
            |id| {
                let table = tokyo("dynamodb", &format!("table/table-{id}"));
                tokyo("backup", &format!("protected-resource/{table}"))
            },
            ("/attributes/last_backup_vault_arn", |number| {
                json!(tokyo("backup", &format!("backup-vault:vault-{}", id(number))))
            }),
        ),
        of(
            "ListRestoreTestingPlans",
            1001,
            Kind::RestoreTestingPlan,
            |id| tokyo("backup", &format!("restore-testing-plan:weekly_{id}-0f0f")),
            ("/name", |number| json!(format!("weekly_{}", id(number)))),
        ),
        Listed::new(
            ("kms", "ListKeys"),
            (1001, 1000),
            Kind::Key,
            |id| tokyo("kms", &format!("key/0f0f0f0f-0000-4000-8000-00000{id}")),
            ("/attributes/key_state", |number| {
                json!(if number.is_multiple_of(2) { "Enabled" } else { "PendingDeletion" })
            }),
        ),
        Listed::new(
            ("monitoring", "DescribeAlarms"),
            (250, 100),
            Kind::Alarm,
            |id| tokyo("cloudwatch", &format!("alarm:alarm-{id}")),
            ("/attributes/alarm_actions/0", |number| json!(tokyo("sns", &format!("topic-{}", id(number))))),
        ),
    ]
}
