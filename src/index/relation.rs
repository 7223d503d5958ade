//! Labelled relations between resources, each derived in one place.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use super::Resources;
use super::dns::Dns;
use super::traffic::Traffic;
use crate::snapshot::arn::{self, Arn};
use crate::snapshot::cloudwatch::Alarm;
use crate::snapshot::dynamodb::ScalableTarget;
use crate::snapshot::{Attributes, Resource};

/// Relations by label, then by the ARN that they start from. An end need not be in any snapshot: a replica in
/// an account that was not scanned is still a replica. The ends are sorted.
pub type Relations<'a> = BTreeMap<&'static str, BTreeMap<Cow<'a, str>, Vec<Cow<'a, str>>>>;

/// A database instance to its cluster, a cluster to its global cluster, an instance to its Auto Scaling group.
pub(super) const MEMBER_OF: &str = "member_of";
/// The reverse of [`MEMBER_OF`].
pub(super) const HAS_MEMBER: &str = "has_member";
/// A source to what follows it: read replicas, secondary clusters, destination buckets of enabled rules, the tables of
/// a global table in other Regions, each of which follows the others.
pub(super) const REPLICATES_TO: &str = "replicates_to";
/// The reverse of [`REPLICATES_TO`].
pub(super) const READS_FROM: &str = "reads_from";
/// A resource to its snapshots, automated backups and the backups of AWS Backup.
pub(super) const PROTECTED_BY: &str = "protected_by";
/// A resource to the key that encrypts it, as the resource names it.
pub(super) const ENCRYPTED_BY: &str = "encrypted_by";
/// A key to what it encrypts.
pub(super) const ENCRYPTS: &str = "encrypts";
/// A database to its subnet group; anything else to its subnets.
pub(super) const PLACED_IN: &str = "placed_in";
/// A volume to the instances that it is attached to.
pub(super) const ATTACHED_TO: &str = "attached_to";
/// A load balancer to its target groups, a target group to its targets, a Classic Load Balancer to its instances.
pub(super) const FORWARDS_TO: &str = "forwards_to";
/// A target group or a Classic Load Balancer to the Auto Scaling groups that register their instances there.
pub(super) const FILLED_BY: &str = "filled_by";
/// An Auto Scaling group to its launch templates.
pub(super) const LAUNCHED_FROM: &str = "launched_from";
/// A subnet to its route table.
pub(super) const ROUTED_BY: &str = "routed_by";
/// A subnet to the NAT gateways that its route to everywhere leads to.
pub(super) const EXITS_THROUGH: &str = "exits_through";
/// A table to what may scale it and its indexes.
pub(super) const SCALED_BY: &str = "scaled_by";
/// A record set to its health check, and a calculated health check to its children.
pub(super) const CHECKED_BY: &str = "checked_by";
/// A record set to the others of its zone, name and type, among which Route 53 chooses.
pub(super) const ALTERNATIVE_TO: &str = "alternative_to";
/// A resource to the alarms on its metrics.
pub(super) const WATCHED_BY: &str = "watched_by";
/// A health check to the alarm whose state is its own.
pub(super) const FOLLOWS: &str = "follows";
/// A resource to the metrics of it that were read.
pub(super) const MEASURED_BY: &str = "measured_by";
/// A load balancer or a group to what Application Recovery Controller may shift of it.
pub(super) const SHIFTED_BY: &str = "shifted_by";
/// A cluster to its group of parameters.
pub(super) const CONFIGURED_BY: &str = "configured_by";
/// A stack to what it consists of, as far as that has tags.
pub(super) const DEPLOYS: &str = "deploys";
/// A record set to the record sets and load balancers that its alias or its CNAME leads to, and on to those that they
/// lead to.
pub(super) const ROUTES_TO: &str = "routes_to";

/// Labels, in the order of the input document. Every one is there even if nothing has that relation.
const LABELS: [&str; 24] = [
    ALTERNATIVE_TO,
    ATTACHED_TO,
    CHECKED_BY,
    CONFIGURED_BY,
    DEPLOYS,
    ENCRYPTED_BY,
    ENCRYPTS,
    EXITS_THROUGH,
    FILLED_BY,
    FOLLOWS,
    FORWARDS_TO,
    HAS_MEMBER,
    LAUNCHED_FROM,
    MEASURED_BY,
    MEMBER_OF,
    PLACED_IN,
    PROTECTED_BY,
    READS_FROM,
    REPLICATES_TO,
    ROUTED_BY,
    ROUTES_TO,
    SCALED_BY,
    SHIFTED_BY,
    WATCHED_BY,
];

/// Derives the relations of all resources.
pub(super) fn relations<'a>(resources: &Resources<'a>, traffic: &Traffic<'a>) -> Relations<'a> {
    let mut edges = Edges(LABELS.into_iter().map(|label| (label, BTreeMap::new())).collect());
    for resource in resources.iter() {
        edges.add_of(resource, resources);
        for (label, from, to) in traffic.relations(resource, resources) {
            edges.0.entry(label).or_default().entry(from).or_default().push(to);
        }
    }
    let dns = Dns::of(resources);
    edges.add_all(ALTERNATIVE_TO, dns.alternatives());
    edges.add_all(ROUTES_TO, dns.routes());
    edges.in_order()
}

/// Ends as they were found, some of them several times.
struct Edges<'a>(Relations<'a>);

impl<'a> Edges<'a> {
    /// The ends of each resource sorted, and each of them once. Most resources have one.
    fn in_order(mut self) -> Relations<'a> {
        for ends in self.0.values_mut().flat_map(BTreeMap::values_mut) {
            ends.sort_unstable();
            ends.dedup();
            ends.shrink_to_fit();
        }
        self.0
    }

    fn add(&mut self, label: &'static str, from: &'a str, to: impl Into<Cow<'a, str>>) {
        let ends = self.0.entry(label).or_default().entry(Cow::Borrowed(from)).or_default();
        ends.push(to.into());
    }

    /// The same from an ARN that no resource has: it was put together from the name of the table.
    fn add_owned(&mut self, label: &'static str, from: &str, to: &str) {
        let ends = self.0.entry(label).or_default().entry(Cow::Owned(from.to_owned())).or_default();
        ends.push(Cow::Owned(to.to_owned()));
    }

    fn add_all(&mut self, label: &'static str, edges: BTreeMap<&'a str, BTreeSet<&'a str>>) {
        for (from, ends) in edges {
            self.add_each(label, from, ends);
        }
    }

    fn add_each(&mut self, label: &'static str, from: &'a str, ends: impl IntoIterator<Item = &'a str>) {
        for end in ends {
            self.add(label, from, end);
        }
    }

    fn add_both(&mut self, (label, reverse): (&'static str, &'static str), from: &'a str, to: &'a str) {
        self.add(label, from, to);
        self.add(reverse, to, from);
    }

    /// A key may be named by its ARN or, in its own Region and account, by its id. Where it goes by an alias, nothing
    /// here says which key that is.
    fn add_key(&mut self, resource: &'a Resource, resources: &Resources<'a>, key: Option<&'a str>) {
        let Some(key) = key else { return };
        let arn = resource.arn.as_str();
        self.add(ENCRYPTED_BY, arn, key);
        if key.starts_with("arn:") {
            if key.contains(":key/") {
                self.add(ENCRYPTS, key, arn);
            }
        } else if !key.starts_with("alias/")
            && let (Some(account), Some(partition)) = (resources.account(resource), arn.split(':').nth(1))
        {
            let key = format!("arn:{partition}:kms:{}:{account}:key/{key}", resource.region);
            self.add_owned(ENCRYPTS, &key, arn);
        }
    }

    fn add_placed(&mut self, arn: &'a str, subnet_group: &str) {
        if let Some(group) = arn::beside(arn, "subgrp", subnet_group) {
            self.add(PLACED_IN, arn, group);
        }
    }

    fn add_of(&mut self, resource: &'a Resource, resources: &Resources<'a>) {
        let arn = resource.arn.as_str();
        let stack = resource.tag("aws:cloudformation:stack-id");
        if let Some(stack) = stack {
            self.add(DEPLOYS, stack, arn);
        }
        match &resource.attributes {
            Attributes::DbInstance(instance) => {
                self.add_key(resource, resources, instance.kms_key_id.as_deref());
                if let Some(group) = &instance.db_subnet_group_name {
                    self.add_placed(arn, group);
                }
                for replica in &instance.read_replica_db_instance_arns {
                    self.add_both((REPLICATES_TO, READS_FROM), arn, replica);
                }
                let sources = [
                    &instance.read_replica_source_db_instance_arn,
                    &instance.read_replica_source_db_cluster_arn,
                ];
                for source in sources.into_iter().flatten() {
                    self.add_both((REPLICATES_TO, READS_FROM), source, arn);
                }
            }
            Attributes::DbCluster(cluster) => {
                self.add_key(resource, resources, cluster.kms_key_id.as_deref());
                if let Some(group) = &cluster.db_subnet_group {
                    self.add_placed(arn, group);
                }
                let parameters = cluster.db_cluster_parameter_group.as_deref();
                if let Some(group) = parameters.and_then(|name| arn::beside(arn, "cluster-pg", name)) {
                    self.add(CONFIGURED_BY, arn, group);
                }
                for member in &cluster.db_cluster_members {
                    self.add_both((MEMBER_OF, HAS_MEMBER), &member.arn, arn);
                }
                for replica in &cluster.read_replica_identifiers {
                    self.add_both((REPLICATES_TO, READS_FROM), arn, replica);
                }
                if let Some(source) = &cluster.replication_source_identifier {
                    self.add_both((REPLICATES_TO, READS_FROM), source, arn);
                }
            }
            Attributes::GlobalCluster(global) => {
                for member in &global.global_cluster_members {
                    self.add_both((MEMBER_OF, HAS_MEMBER), &member.db_cluster_arn, arn);
                }
                let mut writers =
                    global.global_cluster_members.iter().filter(|member| member.is_writer == Some(true));
                if let (Some(primary), None) = (writers.next(), writers.next()) {
                    for secondary in &global.global_cluster_members {
                        if secondary.db_cluster_arn != primary.db_cluster_arn {
                            self.add_both(
                                (REPLICATES_TO, READS_FROM),
                                &primary.db_cluster_arn,
                                &secondary.db_cluster_arn,
                            );
                        }
                    }
                }
            }
            Attributes::AutomatedBackup(backup) => {
                if let Some(source) = &backup.source_arn {
                    self.add(PROTECTED_BY, source, arn);
                }
            }
            Attributes::DbSnapshot(snapshot) => {
                if let Some(source) = resources.origin(resource, snapshot) {
                    self.add(PROTECTED_BY, source, arn);
                }
                self.add_key(resource, resources, snapshot.kms_key_id.as_deref());
            }
            Attributes::Bucket(bucket) => {
                let encryption = bucket.encryption.as_ref();
                self.add_key(
                    resource,
                    resources,
                    encryption.and_then(|encryption| encryption.kms_master_key_id.as_deref()),
                );
                for rule in bucket.replication.iter().flat_map(|replication| &replication.rules) {
                    if let (Some(true), Some(destination)) = (rule.enabled, &rule.destination_bucket) {
                        self.add_both((REPLICATES_TO, READS_FROM), arn, destination);
                    }
                }
            }
            Attributes::FileSystem(file_system) => {
                self.add_key(resource, resources, file_system.kms_key_id.as_deref());
                for replica in file_system.replications.iter().flatten() {
                    self.add_both((REPLICATES_TO, READS_FROM), arn, &replica.arn);
                }
            }
            Attributes::Table(table) => {
                self.add_key(resource, resources, table.kms_master_key_arn.as_deref());
                for replica in &table.replicas {
                    self.add_both((REPLICATES_TO, READS_FROM), arn, &replica.arn);
                    self.add_both((REPLICATES_TO, READS_FROM), &replica.arn, arn);
                }
            }
            Attributes::GlobalTable(global) => {
                let tables: Vec<String> =
                    global.replication_group.iter().map(|region| table_in(region, resource)).collect();
                for (table, other) in tables.iter().flat_map(|table| tables.iter().map(move |it| (table, it)))
                {
                    if table != other {
                        self.add_owned(REPLICATES_TO, table, other);
                        self.add_owned(READS_FROM, table, other);
                    }
                }
            }
            Attributes::ScalableTarget(target) => {
                if let Some(table) = scaled_table(resource, target) {
                    self.add_owned(SCALED_BY, &table, arn);
                }
            }
            Attributes::HealthCheck(check) => {
                self.add_each(CHECKED_BY, arn, check.child_health_checks.iter().map(String::as_str));
                if let (Some(alarm), Some(account)) = (&check.alarm, resources.account(resource)) {
                    let partition = arn.split(':').nth(1).unwrap_or_default();
                    let (region, name) = (&alarm.region, &alarm.name);
                    let alarm = format!("arn:{partition}:cloudwatch:{region}:{account}:alarm:{name}");
                    self.add_owned(FOLLOWS, arn, &alarm);
                }
            }
            Attributes::RecordSet(record) => {
                self.add_each(CHECKED_BY, arn, record.health_check.as_deref());
            }
            Attributes::Volume(volume) => self.add_key(resource, resources, volume.kms_key_id.as_deref()),
            Attributes::BackupVault(vault) => {
                self.add_key(resource, resources, vault.encryption_key_arn.as_deref())
            }
            Attributes::RecoveryPoint(point) => {
                self.add_key(resource, resources, point.encryption_key_arn.as_deref());
                if let Some(source) = &point.resource_arn {
                    self.add(PROTECTED_BY, source, arn);
                }
            }
            Attributes::Alarm(alarm) => {
                for watched in watched(arn, alarm) {
                    self.add_owned(WATCHED_BY, &watched, arn);
                }
            }
            Attributes::VolumeSnapshot(snapshot) => {
                self.add_key(resource, resources, snapshot.kms_key_id.as_deref());
                if let Some(volume) = &snapshot.source_volume_arn {
                    self.add(PROTECTED_BY, volume, arn);
                }
            }
            Attributes::Metric(metric) => self.add(MEASURED_BY, &metric.resource_arn, arn),
            Attributes::ManagedResource(managed) => self.add(SHIFTED_BY, &managed.resource_arn, arn),
            Attributes::Secret(secret) => self.add_key(resource, resources, secret.kms_key_id.as_deref()),
            // What comes from their names for each other is in `traffic`.
            Attributes::App(_)
            | Attributes::AppAssessment(_)
            | Attributes::AutoScalingGroup(_)
            | Attributes::Automation(_)
            | Attributes::AvailabilityZone(_)
            | Attributes::BackupPlan(_)
            | Attributes::BackupSelection(_)
            | Attributes::ClassicLoadBalancer(_)
            | Attributes::DbClusterParameterGroup(_)
            | Attributes::DbEvent(_)
            | Attributes::DbSubnetGroup(_)
            | Attributes::EventSubscription(_)
            | Attributes::Experiment(_)
            | Attributes::ExperimentTemplate(_)
            | Attributes::FailedJob(_)
            | Attributes::HostedZone(_)
            | Attributes::Image(_)
            | Attributes::Instance(_)
            | Attributes::Key(_)
            | Attributes::LaunchTemplate(_)
            | Attributes::LifecyclePolicy(_)
            | Attributes::LoadBalancer(_)
            | Attributes::NatGateway(_)
            | Attributes::PlanExecution(_)
            | Attributes::ProtectedResource(_)
            | Attributes::RecoveryJob(_)
            | Attributes::RegionSettings(_)
            | Attributes::RegionSwitchPlan(_)
            | Attributes::ResiliencyPolicy(_)
            | Attributes::RestoreJob(_)
            | Attributes::RestoreTestingPlan(_)
            | Attributes::RouteTable(_)
            | Attributes::RoutingControl(_)
            | Attributes::SourceServer(_)
            | Attributes::Stack(_)
            | Attributes::Subnet(_)
            | Attributes::TargetGroup(_)
            | Attributes::TrailEvent(_)
            | Attributes::VpcEndpoint(_)
            | Attributes::VpnConnection(_)
            | Attributes::ZonalShift(_) => {}
        }
    }
}

/// ARNs of what the dimensions of an alarm name: databases, tables, buckets and health checks. All but health checks
/// are in the Region of the alarm.
fn watched(alarm_arn: &str, alarm: &Alarm) -> Vec<String> {
    let Some(Arn { partition, region, account, .. }) = Arn::parse(alarm_arn) else { return Vec::new() };
    let named = alarm.dimensions.iter().filter_map(|(dimension, name)| {
        Some(match (alarm.namespace.as_deref()?, dimension.as_str()) {
            ("AWS/Route53", "HealthCheckId") => format!("arn:{partition}:route53:::healthcheck/{name}"),
            ("AWS/RDS", "DBInstanceIdentifier") => {
                format!("arn:{partition}:rds:{region}:{account}:db:{name}")
            }
            ("AWS/RDS", "DBClusterIdentifier") => {
                format!("arn:{partition}:rds:{region}:{account}:cluster:{name}")
            }
            ("AWS/DynamoDB", "TableName") => table_arn(alarm_arn, region, name),
            ("AWS/S3", "BucketName" | "SourceBucket") => format!("arn:{partition}:s3:::{name}"),
            _ => return None,
        })
    });
    named.collect()
}

/// ARN of the table of a global table of 2017 in a Region.
fn table_in(region: &str, global: &Resource) -> String {
    table_arn(&global.arn, region, &global.name)
}

/// ARN of the table that a target scales, itself or one of its indexes.
fn scaled_table(resource: &Resource, target: &ScalableTarget) -> Option<String> {
    let id =
        target.resource_id.as_deref().filter(|_| target.service_namespace.as_deref() == Some("dynamodb"))?;
    let name = id.strip_prefix("table/")?.split('/').next()?;
    Some(table_arn(&resource.arn, &resource.region, name))
}

/// ARN of a table in the partition and account of another resource.
fn table_arn(beside: &str, region: &str, name: &str) -> String {
    let (partition, account) = Arn::parse(beside).map(|arn| (arn.partition, arn.account)).unwrap_or_default();
    format!("arn:{partition}:dynamodb:{region}:{account}:table/{name}")
}

#[cfg(test)]
mod tests {
    use crate::config::Config;
    use crate::index::Index;
    use crate::snapshot::dynamodb::{GlobalTable, Replica, ScalableTarget, Table};
    use crate::snapshot::s3::{Bucket, Encryption};
    use crate::snapshot::{Attributes, Kind, Resource, samples};

    const ORDERS: &str = "arn:aws:dynamodb:eu-west-1:123456789012:table/orders";
    const ABROAD: &str = "arn:aws:dynamodb:eu-central-1:123456789012:table/orders";

    fn resource(kind: Kind, arn: &str, region: &str, attributes: Attributes) -> Resource {
        Resource {
            kind,
            arn: arn.to_owned(),
            name: "orders".to_owned(),
            region: region.to_owned(),
            zones: Vec::new(),
            tags: None,
            attributes,
            gaps: Vec::new(),
        }
    }

    /// Where a relation leads from a table.
    #[track_caller]
    fn ends(resources: Vec<Resource>, label: &str, from: &str) -> Vec<String> {
        let snapshot = samples::snapshot(resources);
        let config = Config::default();
        let index = Index::build(vec![&snapshot], &config);
        let ends = index.relations.get(label).and_then(|edges| edges.get(from)).into_iter().flatten();
        ends.map(|end| end.clone().into_owned()).collect()
    }

    #[test]
    fn the_tables_of_a_global_table_follow_each_other() {
        let replica =
            Replica { arn: ABROAD.to_owned(), region: "eu-central-1".to_owned(), ..Replica::default() };
        let table = Table { replicas: vec![replica], ..Table::default() };
        let table = resource(Kind::Table, ORDERS, "eu-west-1", Attributes::Table(Box::new(table)));
        for label in [super::REPLICATES_TO, super::READS_FROM] {
            assert_eq!(ends(vec![table.clone()], label, ORDERS), [ABROAD]);
            assert_eq!(ends(vec![table.clone()], label, ABROAD), [ORDERS]);
        }
    }

    #[test]
    fn the_tables_of_a_global_table_of_2017_have_its_name() {
        let group = ["eu-central-1", "eu-west-1"].map(str::to_owned).to_vec();
        let arn = "arn:aws:dynamodb::123456789012:global-table/orders";
        let attributes = Attributes::GlobalTable(Box::new(GlobalTable { replication_group: group }));
        let global = resource(Kind::GlobalTable, arn, "global", attributes);
        assert_eq!(ends(vec![global.clone()], super::REPLICATES_TO, ORDERS), [ABROAD]);
        assert_eq!(ends(vec![global], super::READS_FROM, ORDERS), [ABROAD]);
    }

    #[test]
    fn a_key_is_named_by_its_arn_or_in_its_region_by_its_id() {
        let encrypting = |key: &str| {
            let encryption = Encryption { kms_master_key_id: Some(key.to_owned()), ..Encryption::default() };
            let bucket = Bucket { encryption: Some(encryption), ..Bucket::default() };
            let bucket = Attributes::Bucket(Box::new(bucket));
            resource(Kind::Bucket, "arn:aws:s3:::orders", "eu-west-1", bucket)
        };
        let arn = "arn:aws:kms:eu-west-1:123456789012:key/1a2b";
        for (key, expected) in [(arn, 1), ("1a2b", 1), ("alias/orders", 0)] {
            assert_eq!(ends(vec![encrypting(key)], super::ENCRYPTS, arn).len(), expected, "{key}");
        }
    }

    #[test]
    fn a_target_scales_its_table_and_one_of_another_service_none() {
        let arn = "arn:aws:application-autoscaling:eu-west-1:123456789012:scalable-target/1";
        let target = |service: &str, id: &str| {
            let target = ScalableTarget {
                service_namespace: Some(service.to_owned()),
                resource_id: Some(id.to_owned()),
                ..ScalableTarget::default()
            };
            resource(Kind::ScalableTarget, arn, "eu-west-1", Attributes::ScalableTarget(Box::new(target)))
        };
        let scaled = |service, id| ends(vec![target(service, id)], super::SCALED_BY, ORDERS);
        assert_eq!(scaled("dynamodb", "table/orders"), [arn]);
        assert_eq!(scaled("dynamodb", "table/orders/index/by-date"), [arn]);
        assert_eq!(scaled("dynamodb", "table/orders-archive"), Vec::<String>::new());
        assert_eq!(scaled("cassandra", "table/orders"), Vec::<String>::new());
    }
}
