//! File systems of EFS: where they are, what they are replicated to, and whether EFS has them backed up.

use std::collections::HashMap;
use std::sync::Arc;

use aws_sdk_efs::types;

use super::answer::Failure;
use super::ledger::operation;
use super::scan::Scan;
use super::{Place, at_once, instant, text, timestamp};
use crate::snapshot::efs::{FileSystem, FileSystemReplica};
use crate::snapshot::operation::Operation;
use crate::snapshot::{Attributes, Gap, Kind, Resource, Tags};

const DESCRIBE_FILE_SYSTEMS: &Operation = operation("elasticfilesystem", "DescribeFileSystems");
const DESCRIBE_REPLICATIONS: &Operation = operation("elasticfilesystem", "DescribeReplicationConfigurations");
const DESCRIBE_BACKUP_POLICY: &Operation = operation("elasticfilesystem", "DescribeBackupPolicy");

/// The call that is made in each Region.
pub(super) const OPERATIONS: [&Operation; 1] = [DESCRIBE_FILE_SYSTEMS];

/// File systems in a page: the most that the API gives, whatever it is asked for.
const PAGE: i32 = 100;

/// Code of a file system that nobody has given a backup policy.
const NO_POLICY: [&str; 1] = ["PolicyNotFound"];

/// Code of a file system that is gone.
const GONE: [&str; 1] = ["FileSystemNotFound"];

/// What file systems are replicated to, by the ARN of the source.
type Replicas = HashMap<String, Vec<FileSystemReplica>>;

/// Collects the file systems of a Region and, if there are any, their replications and backup policies.
pub(super) async fn collect(scan: &Arc<Scan>, place: &Place) -> Vec<Resource> {
    let (client, lane) = scan.session.efs(&place.region);
    let listing = scan
        .list(
            DESCRIBE_FILE_SYSTEMS,
            &place.region,
            &lane,
            |marker| client.describe_file_systems().max_items(PAGE).set_marker(marker).send(),
            |page| (page.next_marker, page.file_systems),
        )
        .await;
    if listing.items.is_empty() {
        // After a refusal, nobody knows whether there are replications to ask about.
        let skipped = listing.failure.as_ref().map(|_| Failure::incomplete_listing());
        scan.ledger.enter(DESCRIBE_REPLICATIONS, &place.region, 0, skipped.as_ref());
        let nothing = std::iter::empty();
        let failure = listing.failure.as_ref();
        scan.ledger.enter_about(&[DESCRIBE_BACKUP_POLICY], &place.region, 0, nothing, failure);
        return Vec::new();
    }
    let asked = listing.items.len();
    scan.ledger.plan(1 + asked);
    let replications = replications(scan, place);
    let described = listing.items.into_iter().map(|listed| {
        let (scan, place) = (Arc::clone(scan), place.clone());
        async move { file_system(&scan, &place, listed).await }
    });
    let (replications, described) = futures_util::future::join(replications, at_once(described)).await;
    let mut resources: Vec<Resource> = described.into_iter().flatten().collect();
    for resource in &mut resources {
        if let Attributes::FileSystem(file_system) = &mut resource.attributes {
            let of = |replicas: &Replicas| replicas.get(&resource.arn).cloned().unwrap_or_default();
            file_system.replications = replications.as_ref().map(of);
        }
    }
    let failure = listing.failure.as_ref();
    scan.ledger.enter_about(&[DESCRIBE_BACKUP_POLICY], &place.region, asked, resources.iter(), failure);
    resources
}

/// The replications whose source or destination is in a Region; `None` without an answer.
async fn replications(scan: &Scan, place: &Place) -> Option<Replicas> {
    let (client, lane) = scan.session.efs(&place.region);
    let listing = scan
        .list(
            DESCRIBE_REPLICATIONS,
            &place.region,
            &lane,
            |marker| {
                client.describe_replication_configurations().max_results(PAGE).set_next_token(marker).send()
            },
            |page| (page.next_token, page.replications),
        )
        .await;
    let replicas = listing.items.into_iter().map(|replication| {
        let replicas = replication.destinations.into_iter().map(|destination| replica(place, destination));
        (replication.source_file_system_arn, replicas.collect())
    });
    let replicas = replicas.collect();
    listing.failure.is_none().then_some(replicas)
}

fn replica(place: &Place, destination: types::Destination) -> FileSystemReplica {
    let owner = text(destination.owner_id).unwrap_or_else(|| place.account.id.clone());
    FileSystemReplica {
        arn: format!(
            "arn:{}:elasticfilesystem:{}:{owner}:file-system/{}",
            place.account.partition, destination.region, destination.file_system_id
        ),
        status: Some(destination.status.as_str().to_owned()),
        last_replicated_timestamp: instant(destination.last_replicated_timestamp),
    }
}

/// A file system; `None` where it was deleted after it was listed.
async fn file_system(scan: &Scan, place: &Place, listed: types::FileSystemDescription) -> Option<Resource> {
    let id = listed.file_system_id;
    let arn = text(listed.file_system_arn)
        .unwrap_or_else(|| place.arn("elasticfilesystem", &format!("file-system/{id}")));
    let (automatic_backups, gaps) = match automatic_backups(scan, place, &id).await {
        Ok(answer) => (Some(answer?), Vec::new()),
        Err(gap) => (None, vec![gap]),
    };
    let protection = listed.file_system_protection;
    let attributes = FileSystem {
        life_cycle_state: Some(listed.life_cycle_state.as_str().to_owned()),
        creation_time: Some(timestamp(&listed.creation_time)),
        availability_zone_name: text(listed.availability_zone_name),
        size_in_bytes: listed.size_in_bytes.map(|size| size.value),
        encrypted: listed.encrypted,
        kms_key_id: text(listed.kms_key_id),
        replication_overwrite_protection: protection
            .and_then(|it| Some(it.replication_overwrite_protection?.as_str().to_owned())),
        replications: None,
        automatic_backups,
    };
    let tags: Tags = listed.tags.into_iter().map(|tag| (tag.key, tag.value)).collect();
    // Unlike its id, the name is one that people gave, and need not be there.
    let name = text(listed.name).unwrap_or(id);
    let attributes = Attributes::FileSystem(Box::new(attributes));
    Some(Resource { tags: Some(tags), gaps, ..place.resource(Kind::FileSystem, arn, name, attributes) })
}

/// Whether EFS has a file system backed up; `None` if it is gone.
async fn automatic_backups(scan: &Scan, place: &Place, id: &str) -> Result<Option<bool>, Gap> {
    let (client, lane) = scan.session.efs(&place.region);
    let is_on = |policy: Option<types::BackupPolicy>| {
        policy.is_some_and(|policy| matches!(policy.status, types::Status::Enabled | types::Status::Enabling))
    };
    scan.ask(
        DESCRIBE_BACKUP_POLICY,
        &lane,
        || client.describe_backup_policy().file_system_id(id).send(),
        |answer| match answer {
            Ok(answer) => Ok(Some(is_on(answer.backup_policy))),
            Err(failure) if failure.is_answer(&NO_POLICY) => Ok(Some(false)),
            Err(failure) if failure.is_answer(&GONE) => Ok(None),
            Err(failure) => Err(failure),
        },
    )
    .await
}
