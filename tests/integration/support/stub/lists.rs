//! What is listed: how much of it there is, how it is given out, and in which words.

use std::ops::RangeInclusive;

use super::page::{Paging, Token};
use super::size::{Regional, Size};
use super::template::Values;

/// An operation that lists something.
pub(super) struct List {
    /// Its name; that of an operation about Classic Load Balancers is the collector's.
    pub(super) operation: &'static str,
    /// How many items there are in the account, or in the Region of the request.
    pub(super) items: fn(&Size, Regional) -> usize,
    /// How they are given out; all at once without it.
    pub(super) paging: Option<Paging>,
    /// The answer.
    pub(super) template: &'static str,
    /// What the answer says of an item besides what can be said of every item.
    pub(super) of_item: fn(&Size, Regional, usize, Values) -> Values,
}

/// An operation whose answer is in the file with its name.
macro_rules! list {
    ($folder:literal, $operation:literal, $format:literal, $paging:expr, $items:expr) => {
        List {
            operation: $operation,
            items: $items,
            paging: $paging,
            template: include_str!(concat!("responses/", $folder, "/", $operation, ".", $format)),
            of_item: |_, _, _, values| values,
        }
    };
}

/// The list of an operation, if it lists something.
pub(super) fn find(operation: &str) -> Option<List> {
    let lists = of_account().into_iter().chain(of_compute()).chain(of_databases()).chain(of_backups());
    lists.into_iter().find(|list| list.operation == operation)
}

fn of_account() -> [List; 5] {
    let regions = paged("MaxResults", 1..=50, "NextToken", "ValidationException");
    let aliases = paged("MaxItems", 1..=1000, "Marker", "ValidationError");
    let buckets = paged("max-buckets", 1..=10_000, "continuation-token", "InvalidArgument");
    [
        List {
            of_item: |size, _, number, values| values.with("name", size.regions[number].0),
            ..list!("account", "ListRegions", "json", regions, |size, _| size.regions.len())
        },
        // An account has one alias, or none.
        list!("account", "ListAccountAliases", "xml", aliases, |_, _| 1),
        List {
            of_item: |size, _, number, values| values.with("bucket_region", size.region_of_bucket(number)),
            ..list!("s3", "ListBuckets", "xml", buckets, |size, _| size.buckets)
        },
        List {
            of_item: |size, _, number, values| values.with("records", size.records_of_zone(number)),
            ..list!("route53", "ListHostedZones", "xml", route53(1..=100), |size, _| size.zones)
        },
        list!("route53", "ListHealthChecks", "xml", route53(1..=1000), |size, _| size.health_checks),
    ]
}

fn of_compute() -> [List; 15] {
    let groups = paged("MaxRecords", 1..=100, "NextToken", "ValidationError");
    let stacks = paged("MaxResults", 1..=100, "NextToken", "ValidationError");
    [
        list!("autoscaling", "DescribeAutoScalingGroups", "xml", groups, |_, it| it.auto_scaling_groups),
        // A page has a hundred stacks, whoever asks. Every fifth was deleted.
        List {
            of_item: |_, _, number, values| values.flag("gone", number % 5 == 4),
            ..list!("cloudformation", "DescribeStacks", "xml", stacks, |_, it| it.stacks)
        },
        list!("ec2", "DescribeImages", "xml", ec2(5..=1000), |_, it| it.images),
        list!("ec2", "DescribeInstances", "xml", ec2(5..=1000), |_, it| it.instances),
        list!("ec2", "DescribeLaunchTemplateVersions", "xml", ec2(1..=200), |_, it| it.launch_templates),
        list!("ec2", "DescribeNatGateways", "xml", ec2(5..=1000), |_, it| it.nat_gateways),
        list!("ec2", "DescribeRouteTables", "xml", ec2(5..=100), |_, it| it.route_tables),
        list!("ec2", "DescribeSnapshots", "xml", ec2(5..=1000), |_, it| it.snapshots),
        list!("ec2", "DescribeSubnets", "xml", ec2(5..=1000), |_, it| it.subnets),
        list!("ec2", "DescribeVolumes", "xml", ec2(5..=1000), |_, it| it.volumes),
        list!("ec2", "DescribeVpcEndpoints", "xml", ec2(5..=1000), |_, it| it.vpc_endpoints),
        list!("ec2", "DescribeVpnConnections", "xml", None, |_, it| it.vpn_connections),
        list!("elb", "DescribeLoadBalancers", "xml", elb(), |_, it| it.load_balancers),
        list!("elb", "DescribeClassicLoadBalancers", "xml", elb(), |_, it| it.classic_load_balancers),
        List {
            of_item: |_, it, number, values| values.flag("used", number < it.load_balancers),
            ..list!("elb", "DescribeTargetGroups", "xml", elb(), |_, it| it.target_groups)
        },
    ]
}

fn of_databases() -> [List; 13] {
    let targets = paged("MaxResults", 1..=50, "NextToken", "ValidationException");
    let tables = |token| {
        let (sizes, refusal) = (1..=100, "ValidationException");
        Some(Paging { size: "Limit", sizes, token, is: Token::LastBefore, refusal })
    };
    let (local, global) = (tables("ExclusiveStartTableName"), tables("ExclusiveStartGlobalTableName"));
    let rds = || paged("MaxRecords", 20..=100, "Marker", "InvalidParameterValue");
    [
        list!("dynamodb", "DescribeScalableTargets", "json", targets, |_, it| it.scalable_targets),
        list!("dynamodb", "ListTables", "json", local, |_, it| it.tables),
        list!("dynamodb", "ListGlobalTables", "json", global, |_, it| it.global_tables),
        list!("rds", "DescribeDBInstances", "xml", rds(), |_, it| it.databases),
        list!("rds", "DescribeDBClusters", "xml", rds(), |_, it| it.clusters),
        list!("rds", "DescribeGlobalClusters", "xml", rds(), |_, it| it.global_clusters),
        list!("rds", "DescribeDBInstanceAutomatedBackups", "xml", rds(), |_, it| it.database_backups),
        list!("rds", "DescribeDBClusterAutomatedBackups", "xml", rds(), |_, it| it.cluster_backups),
        list!("rds", "DescribeDBSnapshots", "xml", rds(), |_, it| it.database_snapshots),
        list!("rds", "DescribeDBClusterSnapshots", "xml", rds(), |_, it| it.cluster_snapshots),
        list!("rds", "DescribeDBSubnetGroups", "xml", rds(), |_, it| it.subnet_groups),
        list!("rds", "DescribeEventSubscriptions", "xml", rds(), |_, it| it.event_subscriptions),
        list!("rds", "DescribeEvents", "xml", rds(), |_, it| it.database_events),
    ]
}

fn of_backups() -> [List; 6] {
    let keys = paged("Limit", 1..=1000, "Marker", "InvalidMarkerException");
    [
        List {
            of_item: |_, it, _, values| values.with("points", it.recovery_points),
            ..list!("backup", "ListBackupVaults", "json", Some(backup()), |_, it| it.backup_vaults)
        },
        list!("backup", "ListBackupPlans", "json", Some(backup()), |_, it| it.backup_plans),
        list!("backup", "ListProtectedResources", "json", Some(backup()), |_, it| it.protected_resources),
        list!("backup", "ListRestoreTestingPlans", "json", Some(restore_testing()), |_, it| {
            it.restore_testing_plans
        }),
        list!("dlm", "GetLifecyclePolicies", "json", None, |_, it| it.lifecycle_policies),
        list!("kms", "ListKeys", "json", keys, |_, it| it.keys),
    ]
}

/// Lists of AWS Backup.
pub(super) fn backup() -> Paging {
    let (size, sizes, token) = ("maxResults", 1..=1000, "nextToken");
    Paging { size, sizes, token, is: Token::Opaque, refusal: "InvalidParameterValueException" }
}

/// Lists of its restore testing, whose parameters are spelled in another way.
pub(super) fn restore_testing() -> Paging {
    Paging { size: "MaxResults", token: "NextToken", ..backup() }
}

fn paged(
    size: &'static str,
    sizes: RangeInclusive<usize>,
    token: &'static str,
    refusal: &'static str,
) -> Option<Paging> {
    Some(Paging { size, sizes, token, is: Token::Opaque, refusal })
}

fn ec2(sizes: RangeInclusive<usize>) -> Option<Paging> {
    paged("MaxResults", sizes, "NextToken", "InvalidParameterValue")
}

fn elb() -> Option<Paging> {
    paged("PageSize", 1..=400, "Marker", "ValidationError")
}

fn route53(sizes: RangeInclusive<usize>) -> Option<Paging> {
    let refusal = "InvalidInput";
    Some(Paging { size: "maxitems", sizes, token: "marker", is: Token::First, refusal })
}
