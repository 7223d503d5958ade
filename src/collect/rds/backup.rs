//! Automated backups and snapshots.

use std::collections::HashMap;

use aws_sdk_rds::types;

use super::super::{Place, instant, text};
use super::tags;
use crate::snapshot::arn::Arn;
use crate::snapshot::rds::{AutomatedBackup, DbSnapshot};
use crate::snapshot::{Attributes, Kind, Resource};

/// Normalises the automated backups of an instance.
pub(super) fn of_instance(place: &Place, backup: types::DbInstanceAutomatedBackup) -> Option<Resource> {
    let name = text(backup.db_instance_identifier)?;
    let arn = text(backup.db_instance_automated_backups_arn)
        .unwrap_or_else(|| place.arn("rds", &format!("auto-backup:{name}")));
    let window = backup.restore_window;
    let mut replications: Vec<String> = backup
        .db_instance_automated_backups_replications
        .into_iter()
        .flatten()
        .filter_map(|replication| text(replication.db_instance_automated_backups_arn))
        .collect();
    replications.sort_unstable();
    let attributes = AutomatedBackup {
        source_arn: text(backup.db_instance_arn),
        source_resource_id: text(backup.dbi_resource_id),
        source_region: text(backup.region),
        status: text(backup.status),
        backup_retention_period: backup.backup_retention_period,
        earliest_time: instant(window.as_ref().and_then(|window| window.earliest_time)),
        latest_time: instant(window.and_then(|window| window.latest_time)),
        replications,
        encrypted: backup.encrypted,
        kms_key_id: text(backup.kms_key_id),
    };
    Some(Resource {
        tags: tags(backup.tag_list),
        ..place.resource(
            Kind::DbInstanceAutomatedBackup,
            arn,
            name,
            Attributes::AutomatedBackup(Box::new(attributes)),
        )
    })
}

/// Normalises the automated backups of a cluster, which have no copies in other Regions.
pub(super) fn of_cluster(place: &Place, backup: types::DbClusterAutomatedBackup) -> Option<Resource> {
    let name = text(backup.db_cluster_identifier)?;
    let arn = text(backup.db_cluster_automated_backups_arn)
        .unwrap_or_else(|| place.arn("rds", &format!("cluster-auto-backup:{name}")));
    let window = backup.restore_window;
    let attributes = AutomatedBackup {
        source_arn: text(backup.db_cluster_arn),
        source_resource_id: text(backup.db_cluster_resource_id),
        source_region: text(backup.region),
        status: text(backup.status),
        backup_retention_period: backup.backup_retention_period,
        earliest_time: instant(window.as_ref().and_then(|window| window.earliest_time)),
        latest_time: instant(window.and_then(|window| window.latest_time)),
        replications: Vec::new(),
        encrypted: backup.storage_encrypted,
        kms_key_id: text(backup.kms_key_id),
    };
    Some(Resource {
        tags: tags(backup.tag_list),
        ..place.resource(
            Kind::DbClusterAutomatedBackup,
            arn,
            name,
            Attributes::AutomatedBackup(Box::new(attributes)),
        )
    })
}

/// Normalises a snapshot of an instance.
pub(super) fn instance_snapshot(place: &Place, snapshot: types::DbSnapshot) -> Option<Resource> {
    let name = text(snapshot.db_snapshot_identifier)?;
    let source_snapshot_arn = text(snapshot.source_db_snapshot_identifier);
    let source_region = text(snapshot.source_region);
    let source_arn = text(snapshot.db_instance_identifier).map(|instance| {
        taken_at(place, source_snapshot_arn.as_deref(), source_region.as_deref(), &format!("db:{instance}"))
    });
    let attributes = DbSnapshot {
        source_arn,
        source_resource_id: text(snapshot.dbi_resource_id),
        source_snapshot_arn,
        snapshot_type: text(snapshot.snapshot_type),
        status: text(snapshot.status),
        snapshot_create_time: instant(snapshot.snapshot_create_time),
        original_snapshot_create_time: instant(snapshot.original_snapshot_create_time),
        encrypted: snapshot.encrypted,
        kms_key_id: text(snapshot.kms_key_id),
        engine: text(snapshot.engine),
    };
    let arn = text(snapshot.db_snapshot_arn).unwrap_or_else(|| place.arn("rds", &format!("snapshot:{name}")));
    Some(Resource {
        tags: tags(snapshot.tag_list),
        ..place.resource(Kind::DbSnapshot, arn, name, Attributes::DbSnapshot(Box::new(attributes)))
    })
}

/// Normalises a snapshot of a cluster. The API does not say of a copy when the data is from.
pub(super) fn cluster_snapshot(place: &Place, snapshot: types::DbClusterSnapshot) -> Option<Resource> {
    let name = text(snapshot.db_cluster_snapshot_identifier)?;
    let source_snapshot_arn = text(snapshot.source_db_cluster_snapshot_arn);
    let source_arn = text(snapshot.db_cluster_identifier)
        .map(|cluster| taken_at(place, source_snapshot_arn.as_deref(), None, &format!("cluster:{cluster}")));
    let attributes = DbSnapshot {
        source_arn,
        source_resource_id: text(snapshot.db_cluster_resource_id),
        source_snapshot_arn,
        snapshot_type: text(snapshot.snapshot_type),
        status: text(snapshot.status),
        snapshot_create_time: instant(snapshot.snapshot_create_time),
        original_snapshot_create_time: None,
        encrypted: snapshot.storage_encrypted,
        kms_key_id: text(snapshot.kms_key_id),
        engine: text(snapshot.engine),
    };
    let arn = text(snapshot.db_cluster_snapshot_arn)
        .unwrap_or_else(|| place.arn("rds", &format!("cluster-snapshot:{name}")));
    Some(Resource {
        tags: tags(snapshot.tag_list),
        ..place.resource(Kind::DbClusterSnapshot, arn, name, Attributes::DbSnapshot(Box::new(attributes)))
    })
}

/// ARN of a database where its snapshot was taken. Copies keep the name of the database, but not its Region and
/// account: those are in the ARN of the snapshot that was copied.
fn taken_at(
    place: &Place,
    source_snapshot: Option<&str>,
    source_region: Option<&str>,
    database: &str,
) -> String {
    let source = source_snapshot.and_then(Arn::parse);
    let region = source.map(|arn| arn.region).or(source_region).unwrap_or(&place.region);
    let account = source.map_or(place.account.id.as_str(), |arn| arn.account);
    format!("arn:{}:rds:{region}:{account}:{database}", place.account.partition)
}

/// Follows copies of copies to the Region where the snapshot was first taken, as far as the snapshots on the way
/// were collected.
pub(in super::super) fn trace_snapshots(resources: &mut [Resource]) {
    let origins: HashMap<String, (Option<String>, Option<String>)> = resources
        .iter()
        .filter_map(|resource| match &resource.attributes {
            Attributes::DbSnapshot(snapshot) => {
                let origin = (snapshot.source_snapshot_arn.clone(), snapshot.source_arn.clone());
                Some((resource.arn.clone(), origin))
            }
            _ => None,
        })
        .collect();
    for resource in resources {
        if let Attributes::DbSnapshot(snapshot) = &mut resource.attributes {
            let mut copied = snapshot.source_snapshot_arn.as_ref();
            // A chain is no longer than there are snapshots, even if an API gave one that bites its tail.
            for _ in 0..origins.len() {
                let Some((earlier, source)) = copied.and_then(|arn| origins.get(arn)) else { break };
                if source.is_some() {
                    snapshot.source_arn.clone_from(source);
                }
                copied = earlier.as_ref();
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use aws_sdk_rds::types;

    use super::super::super::Place;
    use super::super::super::identity::Account;
    use super::{instance_snapshot, trace_snapshots};
    use crate::snapshot::{Attributes, Resource};

    fn snapshot(region: &str, name: &str, source: Option<&str>) -> Resource {
        let account = Account { partition: "aws".to_owned(), id: "123456789012".to_owned() };
        let snapshot = types::DbSnapshot::builder()
            .db_snapshot_identifier(name)
            .db_instance_identifier("orders")
            .set_source_db_snapshot_identifier(source.map(str::to_owned));
        instance_snapshot(&Place::new(&account, region), snapshot.build()).unwrap()
    }

    fn source(resource: &Resource) -> &str {
        match &resource.attributes {
            Attributes::DbSnapshot(snapshot) => snapshot.source_arn.as_deref().unwrap(),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn a_copy_is_of_the_database_where_it_was_taken() {
        let copy = snapshot("us-east-1", "m-dr", Some("arn:aws:rds:eu-west-1:999999999999:snapshot:m"));
        assert_eq!(source(&copy), "arn:aws:rds:eu-west-1:999999999999:db:orders");
        assert_eq!(source(&snapshot("us-east-1", "m", None)), "arn:aws:rds:us-east-1:123456789012:db:orders");
    }

    #[test]
    fn a_copy_of_a_copy_is_of_the_database_where_the_first_was_taken() {
        let first = "arn:aws:rds:eu-west-1:123456789012:snapshot:m";
        let second = "arn:aws:rds:eu-north-1:123456789012:snapshot:m2";
        let mut all = [
            snapshot("us-east-1", "m3", Some(second)),
            snapshot("eu-north-1", "m2", Some(first)),
            snapshot("eu-west-1", "m", None),
        ];
        trace_snapshots(&mut all);
        for snapshot in &all {
            assert_eq!(source(snapshot), "arn:aws:rds:eu-west-1:123456789012:db:orders", "{}", snapshot.name);
        }
    }

    #[test]
    fn copies_that_name_each_other_end() {
        let [one, other] =
            ["one", "other"].map(|name| format!("arn:aws:rds:eu-west-1:123456789012:snapshot:{name}"));
        let mut all =
            [snapshot("eu-west-1", "one", Some(&other)), snapshot("eu-west-1", "other", Some(&one))];
        trace_snapshots(&mut all);
        assert_eq!(source(&all[0]), "arn:aws:rds:eu-west-1:123456789012:db:orders");
    }
}
