//! Labelled relations between resources, each derived in one place.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use super::Resources;
use crate::snapshot::{Attributes, Resource};

/// Relations by label, then by the ARN that they start from. An end need not be in any snapshot: a replica in
/// an account that was not scanned is still a replica.
pub type Relations<'a> = BTreeMap<&'static str, BTreeMap<Cow<'a, str>, BTreeSet<Cow<'a, str>>>>;

/// An instance to its cluster, a cluster to its global cluster.
pub(super) const MEMBER_OF: &str = "member_of";
/// The reverse of [`MEMBER_OF`].
pub(super) const HAS_MEMBER: &str = "has_member";
/// A source to what follows it: read replicas, secondary clusters, destination buckets of enabled rules, the tables of
/// a global table in other Regions, each of which follows the others.
pub(super) const REPLICATES_TO: &str = "replicates_to";
/// The reverse of [`REPLICATES_TO`].
pub(super) const READS_FROM: &str = "reads_from";
/// A database to its snapshots and automated backups.
pub(super) const PROTECTED_BY: &str = "protected_by";
/// A resource to the key that encrypts it.
pub(super) const ENCRYPTED_BY: &str = "encrypted_by";
/// A database to its subnet group.
pub(super) const PLACED_IN: &str = "placed_in";

/// A table to what may scale it and its indexes.
pub(super) const SCALED_BY: &str = "scaled_by";
/// A record set to its health check, and a calculated health check to its children.
pub(super) const CHECKED_BY: &str = "checked_by";
/// A record set to the others of its zone, name and type, among which Route 53 chooses.
pub(super) const ALTERNATIVE_TO: &str = "alternative_to";
/// A record set to the record sets that its alias or its CNAME leads to, and on to those that they lead to.
pub(super) const ROUTES_TO: &str = "routes_to";

/// Labels, in the order of the input document. Every one is there even if nothing has that relation.
const LABELS: [&str; 11] = [
    ALTERNATIVE_TO,
    CHECKED_BY,
    ENCRYPTED_BY,
    HAS_MEMBER,
    MEMBER_OF,
    PLACED_IN,
    PROTECTED_BY,
    READS_FROM,
    REPLICATES_TO,
    ROUTES_TO,
    SCALED_BY,
];

/// Derives the relations of all resources.
pub(super) fn relations<'a>(resources: &Resources<'a>) -> Relations<'a> {
    let mut edges = Edges(LABELS.into_iter().map(|label| (label, BTreeMap::new())).collect());
    for resource in resources.iter() {
        edges.add_of(resource, resources);
    }
    edges.0
}

struct Edges<'a>(Relations<'a>);

impl<'a> Edges<'a> {
    fn add(&mut self, label: &'static str, from: &'a str, to: impl Into<Cow<'a, str>>) {
        let ends = self.0.entry(label).or_default().entry(Cow::Borrowed(from)).or_default();
        ends.insert(to.into());
    }

    fn add_both(&mut self, (label, reverse): (&'static str, &'static str), from: &'a str, to: &'a str) {
        self.add(label, from, to);
        self.add(reverse, to, from);
    }

    fn add_of(&mut self, resource: &'a Resource, resources: &Resources<'a>) {
        let arn = resource.arn.as_str();
        match &resource.attributes {
            Attributes::DbInstance(instance) => {
                if let Some(key) = &instance.kms_key_id {
                    self.add(ENCRYPTED_BY, arn, key.as_str());
                }
                if let Some(group) = &instance.db_subnet_group_name {
                    self.add(PLACED_IN, arn, sibling_arn(arn, "subgrp", group));
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
                if let Some(key) = &cluster.kms_key_id {
                    self.add(ENCRYPTED_BY, arn, key.as_str());
                }
                if let Some(group) = &cluster.db_subnet_group {
                    self.add(PLACED_IN, arn, sibling_arn(arn, "subgrp", group));
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
                if let Some(key) = &snapshot.kms_key_id {
                    self.add(ENCRYPTED_BY, arn, key.as_str());
                }
            }
            Attributes::Bucket(bucket) => {
                if let Some(key) =
                    bucket.encryption.as_ref().and_then(|encryption| encryption.kms_master_key_id.as_ref())
                {
                    self.add(ENCRYPTED_BY, arn, key.as_str());
                }
                for rule in bucket.replication.iter().flat_map(|replication| &replication.rules) {
                    if let (Some(true), Some(destination)) = (rule.enabled, &rule.destination_bucket) {
                        self.add_both((REPLICATES_TO, READS_FROM), arn, destination);
                    }
                }
            }
            Attributes::DbSubnetGroup(_)
            | Attributes::EventSubscription(_)
            | Attributes::GlobalTable(_)
            | Attributes::HealthCheck(_)
            | Attributes::HostedZone(_)
            | Attributes::RecordSet(_)
            | Attributes::ScalableTarget(_)
            | Attributes::Table(_) => {}
        }
    }
}

/// ARN of a resource of the same service, Region and account.
fn sibling_arn(arn: &str, kind: &str, name: &str) -> String {
    let prefix: Vec<&str> = arn.splitn(6, ':').take(5).collect();
    format!("{}:{kind}:{name}", prefix.join(":"))
}
