//! Tables, global tables of 2017 and scalable targets as the snapshot has them.

use aws_sdk_applicationautoscaling::types as scaling;
use aws_sdk_dynamodb::types;

use super::super::{Place, instant, sorted, text};
use crate::snapshot::dynamodb::{GlobalTable, PointInTimeRecovery, Replica, ScalableTarget, Table};
use crate::snapshot::{Attributes, GLOBAL, Kind, Resource};

/// ARN of a table here.
pub(super) fn arn(place: &Place, name: &str) -> String {
    place.arn("dynamodb", &format!("table/{name}"))
}

/// Normalises the description of a table, and gives its ARN.
pub(super) fn settings(place: &Place, name: &str, table: types::TableDescription) -> (String, Table) {
    let mut replicas: Vec<Replica> =
        table.replicas.into_iter().flatten().filter_map(|it| replica(place, name, it)).collect();
    replicas.sort_unstable_by(|one, other| one.region.cmp(&other.region));
    let billing_mode = table.billing_mode_summary.and_then(|summary| summary.billing_mode);
    let settings = Table {
        table_status: text(table.table_status.map(|status| status.as_str().to_owned())),
        creation_date_time: instant(table.creation_date_time),
        // A table that was always provisioned has no summary.
        billing_mode: Some(billing_mode.unwrap_or(types::BillingMode::Provisioned).as_str().to_owned()),
        global_secondary_indexes: sorted(
            table.global_secondary_indexes.into_iter().flatten().filter_map(|index| text(index.index_name)),
        ),
        deletion_protection_enabled: table.deletion_protection_enabled,
        global_table_version: text(table.global_table_version),
        multi_region_consistency: text(
            table.multi_region_consistency.map(|consistency| consistency.as_str().to_owned()),
        ),
        replicas,
        witnesses: sorted(
            table
                .global_table_witnesses
                .into_iter()
                .flatten()
                .filter_map(|witness| text(witness.region_name)),
        ),
        kms_master_key_arn: table.sse_description.and_then(|encryption| text(encryption.kms_master_key_arn)),
        point_in_time_recovery: None,
    };
    (text(table.table_arn).unwrap_or_else(|| arn(place, name)), settings)
}

/// Some answers have the table itself among its replicas, which it is not.
fn replica(place: &Place, name: &str, replica: types::ReplicaDescription) -> Option<Replica> {
    let region = text(replica.region_name).filter(|region| *region != place.region)?;
    Some(Replica {
        arn: text(replica.replica_arn).unwrap_or_else(|| arn(&Place::new(&place.account, &region), name)),
        region,
        replica_status: text(replica.replica_status.map(|status| status.as_str().to_owned())),
        replica_inaccessible_date_time: instant(replica.replica_inaccessible_date_time),
    })
}

/// Normalises what is said about point-in-time recovery. The status of continuous backups beside it says nothing.
pub(super) fn recovery(description: types::ContinuousBackupsDescription) -> PointInTimeRecovery {
    let Some(recovery) = description.point_in_time_recovery_description else {
        return PointInTimeRecovery::default();
    };
    PointInTimeRecovery {
        enabled: recovery
            .point_in_time_recovery_status
            .map(|status| status == types::PointInTimeRecoveryStatus::Enabled),
        recovery_period_in_days: recovery.recovery_period_in_days,
        earliest_restorable_date_time: instant(recovery.earliest_restorable_date_time),
        latest_restorable_date_time: instant(recovery.latest_restorable_date_time),
    }
}

/// Normalises a global table of 2017. Every Region of its tables lists it.
pub(super) fn global(place: &Place, table: types::GlobalTable) -> Option<Resource> {
    let name = text(table.global_table_name)?;
    let arn = format!("arn:{}:dynamodb::{}:global-table/{name}", place.account.partition, place.account.id);
    let regions = table.replication_group.into_iter().flatten();
    let attributes =
        GlobalTable { replication_group: sorted(regions.filter_map(|replica| text(replica.region_name))) };
    Some(Resource {
        region: GLOBAL.to_owned(),
        ..place.resource(Kind::GlobalTable, arn, name, Attributes::GlobalTable(Box::new(attributes)))
    })
}

/// Normalises a scalable target. Those that were registered long ago have no ARN.
pub(super) fn scalable_target(place: &Place, target: scaling::ScalableTarget) -> Resource {
    let dimension = target.scalable_dimension.as_str().to_owned();
    let arn = text(target.scalable_target_arn).unwrap_or_else(|| {
        place.arn("application-autoscaling", &format!("scalable-target/{}/{dimension}", target.resource_id))
    });
    let attributes = ScalableTarget {
        service_namespace: text(Some(target.service_namespace.as_str().to_owned())),
        resource_id: text(Some(target.resource_id.clone())),
        scalable_dimension: text(Some(dimension)),
        min_capacity: Some(target.min_capacity),
        max_capacity: Some(target.max_capacity),
    };
    let attributes = Attributes::ScalableTarget(Box::new(attributes));
    place.resource(Kind::ScalableTarget, arn, target.resource_id, attributes)
}

#[cfg(test)]
mod tests {
    use aws_sdk_dynamodb::types::{self, builders::TableDescriptionBuilder};

    use super::super::super::Place;
    use super::super::super::identity::Account;
    use super::{global, recovery, settings};
    use crate::snapshot::dynamodb::Table;
    use crate::snapshot::{Attributes, GLOBAL};

    fn place() -> Place {
        let account = Account { partition: "aws".to_owned(), id: "123456789012".to_owned() };
        Place::new(&account, "eu-west-1")
    }

    fn described() -> TableDescriptionBuilder {
        types::TableDescription::builder()
    }

    fn normalise(given: TableDescriptionBuilder) -> Table {
        settings(&place(), "orders", given.build()).1
    }

    fn replica(region: &str) -> types::builders::ReplicaDescriptionBuilder {
        types::ReplicaDescription::builder().region_name(region)
    }

    #[test]
    fn a_table_names_the_key_that_it_cannot_be_read_without() {
        let arn = "arn:aws:kms:eu-west-1:123456789012:key/1";
        let encryption = types::SseDescription::builder().kms_master_key_arn(arn).build();
        assert_eq!(
            normalise(described().sse_description(encryption)).kms_master_key_arn.as_deref(),
            Some(arn)
        );
        assert_eq!(normalise(described()).kms_master_key_arn, None);
    }

    #[test]
    fn a_table_without_a_summary_of_its_billing_is_provisioned() {
        let mode = |given| normalise(given).billing_mode;
        assert_eq!(mode(described()).as_deref(), Some("PROVISIONED"));
        let summary = types::BillingModeSummary::builder().billing_mode(types::BillingMode::PayPerRequest);
        assert_eq!(
            mode(described().billing_mode_summary(summary.build())).as_deref(),
            Some("PAY_PER_REQUEST")
        );
    }

    #[test]
    fn what_the_api_does_not_return_is_null() {
        let table = normalise(described());
        assert_eq!(table.table_status, None);
        assert_eq!(table.deletion_protection_enabled, None);
        assert_eq!(table.global_table_version, None);
        assert_eq!(table.multi_region_consistency, None);
        assert_eq!(table.point_in_time_recovery, None);
    }

    #[test]
    fn replicas_are_in_other_regions_and_have_an_arn() {
        let given = described()
            .replicas(replica("us-east-1").replica_status(types::ReplicaStatus::Creating).build())
            .replicas(replica("eu-west-1").build())
            .replicas(replica("eu-central-1").replica_arn("arn:aws:dynamodb:eu-central-1:1:table/o").build());
        let replicas = normalise(given).replicas;
        let arns: Vec<&str> = replicas.iter().map(|replica| replica.arn.as_str()).collect();
        assert_eq!(
            arns,
            [
                "arn:aws:dynamodb:eu-central-1:1:table/o",
                "arn:aws:dynamodb:us-east-1:123456789012:table/orders"
            ]
        );
        assert_eq!(replicas[1].replica_status.as_deref(), Some("CREATING"));
    }

    #[test]
    fn point_in_time_recovery_is_not_the_state_of_continuous_backups() {
        let described = |status| {
            let mut description = types::ContinuousBackupsDescription::builder()
                .continuous_backups_status(types::ContinuousBackupsStatus::Enabled);
            if let Some(status) = status {
                let recovery = types::PointInTimeRecoveryDescription::builder();
                description = description.point_in_time_recovery_description(
                    recovery.point_in_time_recovery_status(status).build(),
                );
            }
            recovery(description.build().unwrap()).enabled
        };
        assert_eq!(described(Some(types::PointInTimeRecoveryStatus::Disabled)), Some(false));
        assert_eq!(described(Some(types::PointInTimeRecoveryStatus::Enabled)), Some(true));
        assert_eq!(described(None), None);
    }

    #[test]
    fn a_global_table_of_2017_is_in_no_region_of_its_own() {
        let replica = |region: &str| types::Replica::builder().region_name(region).build();
        let given = types::GlobalTable::builder()
            .global_table_name("orders")
            .replication_group(replica("us-east-1"))
            .replication_group(replica("eu-west-1"));
        let resource = global(&place(), given.build()).unwrap();
        assert_eq!(resource.region, GLOBAL);
        assert_eq!(resource.arn, "arn:aws:dynamodb::123456789012:global-table/orders");
        let Attributes::GlobalTable(table) = resource.attributes else { panic!("it has its settings") };
        assert_eq!(table.replication_group, ["eu-west-1", "us-east-1"]);
    }
}
