//! Instances, clusters and global clusters.

use aws_sdk_rds::types;

use super::super::{Place, instant, sorted, text};
use super::tags;
use crate::snapshot::arn;
use crate::snapshot::rds::{
    DbCluster, DbClusterFamily, DbClusterMember, DbInstance, DbInstanceRole, GlobalCluster,
    GlobalClusterMember, PendingModifiedValues, ServerlessV2Scaling, StatusInfo,
};
use crate::snapshot::{Attributes, GLOBAL, Kind, Resource, Zone};

/// Normalises an instance.
pub(super) fn instance(place: &Place, instance: types::DbInstance) -> Option<Resource> {
    let name = text(instance.db_instance_identifier)?;
    let arn = text(instance.db_instance_arn).unwrap_or_else(|| place.arn("rds", &format!("db:{name}")));
    let engine = text(instance.engine);
    let db_cluster_identifier = text(instance.db_cluster_identifier);
    let source_instance = text(instance.read_replica_source_db_instance_identifier);
    let source_cluster = text(instance.read_replica_source_db_cluster_identifier);
    let role = match (db_cluster_identifier.is_some(), Family::of(engine.as_deref())) {
        (true, Family::Aurora) => DbInstanceRole::AuroraMember,
        (true, Family::Docdb) => DbInstanceRole::DocdbMember,
        (true, Family::Neptune) => DbInstanceRole::NeptuneMember,
        (true, Family::Rds) => DbInstanceRole::MultiAzClusterMember,
        (false, _) if source_instance.is_some() || source_cluster.is_some() => DbInstanceRole::ReadReplica,
        (false, _) => DbInstanceRole::Standalone,
    };
    let kind = match Family::of(engine.as_deref()) {
        Family::Docdb => Kind::DocDbInstance,
        Family::Neptune => Kind::NeptuneInstance,
        Family::Aurora | Family::Rds => Kind::DbInstance,
    };
    let zones = [instance.availability_zone, instance.secondary_availability_zone];
    let pending = instance.pending_modified_values;
    let attributes = DbInstance {
        role,
        engine,
        engine_version: text(instance.engine_version),
        db_instance_status: text(instance.db_instance_status),
        db_instance_class: text(instance.db_instance_class),
        multi_az: instance.multi_az,
        pending_modified_values: PendingModifiedValues {
            multi_az: pending.as_ref().and_then(|pending| pending.multi_az),
            backup_retention_period: pending.and_then(|pending| pending.backup_retention_period),
        },
        backup_retention_period: instance.backup_retention_period,
        latest_restorable_time: instant(instance.latest_restorable_time),
        deletion_protection: instance.deletion_protection,
        storage_encrypted: instance.storage_encrypted,
        kms_key_id: text(instance.kms_key_id),
        allocated_storage: instance.allocated_storage,
        max_allocated_storage: instance.max_allocated_storage,
        iops: instance.iops,
        publicly_accessible: instance.publicly_accessible,
        preferred_backup_window: text(instance.preferred_backup_window),
        preferred_maintenance_window: text(instance.preferred_maintenance_window),
        db_cluster_identifier,
        read_replica_source_db_instance_arn: source_instance.and_then(|it| arn::beside(&arn, "db", &it)),
        read_replica_source_db_cluster_arn: source_cluster.and_then(|it| arn::beside(&arn, "cluster", &it)),
        read_replica_db_instance_arns: arns(&arn, "db", instance.read_replica_db_instance_identifiers),
        replica_mode: text(instance.replica_mode.map(|mode| mode.as_str().to_owned())),
        db_instance_automated_backups_replications: sorted(
            instance
                .db_instance_automated_backups_replications
                .into_iter()
                .flatten()
                .filter_map(|replication| text(replication.db_instance_automated_backups_arn)),
        ),
        db_subnet_group_name: instance.db_subnet_group.and_then(|group| text(group.db_subnet_group_name)),
        db_parameter_groups: sorted(
            instance
                .db_parameter_groups
                .into_iter()
                .flatten()
                .filter_map(|group| text(group.db_parameter_group_name)),
        ),
        promotion_tier: instance.promotion_tier,
        backup_target: text(instance.backup_target),
        status_infos: instance
            .status_infos
            .into_iter()
            .flatten()
            .map(|info| StatusInfo {
                status_type: text(info.status_type),
                normal: info.normal,
                status: text(info.status),
            })
            .collect(),
        aws_backup_recovery_point_arn: text(instance.aws_backup_recovery_point_arn),
        dbi_resource_id: text(instance.dbi_resource_id),
        instance_create_time: instant(instance.instance_create_time),
    };
    Some(Resource {
        zones: sorted(zones.into_iter().filter_map(text)).into_iter().map(Zone::named).collect(),
        tags: tags(instance.tag_list),
        ..place.resource(kind, arn, name, Attributes::DbInstance(Box::new(attributes)))
    })
}

/// Normalises a cluster. The zones that the API gives are those where it may place instances, always three, so
/// they say nothing about where the cluster runs.
pub(super) fn cluster(place: &Place, cluster: types::DbCluster) -> Option<Resource> {
    let name = text(cluster.db_cluster_identifier)?;
    let arn = text(cluster.db_cluster_arn).unwrap_or_else(|| place.arn("rds", &format!("cluster:{name}")));
    let engine = text(cluster.engine);
    let engine_mode = text(cluster.engine_mode);
    let family = match Family::of(engine.as_deref()) {
        Family::Docdb => DbClusterFamily::Docdb,
        Family::Neptune => DbClusterFamily::Neptune,
        Family::Rds => DbClusterFamily::MultiAz,
        Family::Aurora if engine_mode.as_deref() == Some("serverless") => DbClusterFamily::AuroraServerlessV1,
        Family::Aurora
            if cluster.cluster_scalability_type == Some(types::ClusterScalabilityType::Limitless) =>
        {
            DbClusterFamily::AuroraLimitless
        }
        Family::Aurora => DbClusterFamily::Aurora,
    };
    let kind = match family {
        DbClusterFamily::Docdb => Kind::DocDbCluster,
        DbClusterFamily::Neptune => Kind::NeptuneCluster,
        _ => Kind::DbCluster,
    };
    let mut members: Vec<DbClusterMember> = cluster
        .db_cluster_members
        .into_iter()
        .flatten()
        .filter_map(|member| {
            Some(DbClusterMember {
                arn: arn::beside(&arn, "db", &text(member.db_instance_identifier)?)?,
                is_cluster_writer: member.is_cluster_writer,
                promotion_tier: member.promotion_tier,
            })
        })
        .collect();
    members.sort_unstable_by(|one, other| one.arn.cmp(&other.arn));
    let source = text(cluster.replication_source_identifier);
    let attributes = DbCluster {
        family,
        engine,
        engine_version: text(cluster.engine_version),
        engine_mode,
        status: text(cluster.status),
        multi_az: cluster.multi_az,
        db_cluster_instance_class: text(cluster.db_cluster_instance_class),
        db_cluster_members: members,
        serverless_v2_scaling_configuration: cluster.serverless_v2_scaling_configuration.map(|scaling| {
            ServerlessV2Scaling { min_capacity: scaling.min_capacity, max_capacity: scaling.max_capacity }
        }),
        backup_retention_period: cluster.backup_retention_period,
        earliest_restorable_time: instant(cluster.earliest_restorable_time),
        latest_restorable_time: instant(cluster.latest_restorable_time),
        backtrack_window: cluster.backtrack_window,
        deletion_protection: cluster.deletion_protection,
        storage_encrypted: cluster.storage_encrypted,
        kms_key_id: text(cluster.kms_key_id),
        global_cluster_identifier: text(cluster.global_cluster_identifier),
        replication_source_identifier: source.and_then(|source| arn::beside(&arn, "cluster", &source)),
        read_replica_identifiers: arns(&arn, "cluster", cluster.read_replica_identifiers),
        preferred_backup_window: text(cluster.preferred_backup_window),
        preferred_maintenance_window: text(cluster.preferred_maintenance_window),
        db_subnet_group: text(cluster.db_subnet_group),
        db_cluster_parameter_group: text(cluster.db_cluster_parameter_group),
        aws_backup_recovery_point_arn: text(cluster.aws_backup_recovery_point_arn),
        db_cluster_resource_id: text(cluster.db_cluster_resource_id),
        cluster_create_time: instant(cluster.cluster_create_time),
    };
    Some(Resource {
        tags: tags(cluster.tag_list),
        ..place.resource(kind, arn, name, Attributes::DbCluster(Box::new(attributes)))
    })
}

/// Normalises a global cluster. Every Region of its members lists it.
pub(super) fn global_cluster(place: &Place, cluster: types::GlobalCluster) -> Option<Resource> {
    let name = text(cluster.global_cluster_identifier)?;
    let arn = text(cluster.global_cluster_arn).unwrap_or_else(|| {
        format!("arn:{}:rds::{}:global-cluster:{name}", place.account.partition, place.account.id)
    });
    let mut members: Vec<GlobalClusterMember> = cluster
        .global_cluster_members
        .into_iter()
        .flatten()
        .filter_map(|member| {
            Some(GlobalClusterMember {
                db_cluster_arn: text(member.db_cluster_arn)?,
                is_writer: member.is_writer,
                readers: sorted(member.readers.into_iter().flatten()),
                synchronization_status: text(
                    member.synchronization_status.map(|status| status.as_str().to_owned()),
                ),
            })
        })
        .collect();
    members.sort_unstable_by(|one, other| one.db_cluster_arn.cmp(&other.db_cluster_arn));
    let attributes = GlobalCluster {
        engine: text(cluster.engine),
        engine_version: text(cluster.engine_version),
        status: text(cluster.status),
        deletion_protection: cluster.deletion_protection,
        global_cluster_members: members,
        failover_status: cluster
            .failover_state
            .and_then(|state| text(Some(state.status?.as_str().to_owned()))),
    };
    Some(Resource {
        region: GLOBAL.to_owned(),
        tags: tags(cluster.tag_list),
        ..place.resource(Kind::GlobalCluster, arn, name, Attributes::GlobalCluster(Box::new(attributes)))
    })
}

/// Whose engine it is.
enum Family {
    Aurora,
    Docdb,
    Neptune,
    Rds,
}

impl Family {
    fn of(engine: Option<&str>) -> Self {
        match engine {
            // `aurora` alone is Aurora MySQL 5.6.
            Some(engine) if engine.starts_with("aurora") => Self::Aurora,
            Some("docdb") => Self::Docdb,
            Some("neptune") => Self::Neptune,
            _ => Self::Rds,
        }
    }
}

fn arns(beside: &str, kind: &str, names: Option<Vec<String>>) -> Vec<String> {
    let arns = names.into_iter().flatten().filter(|name| !name.is_empty());
    sorted(arns.filter_map(|name| arn::beside(beside, kind, &name)))
}

#[cfg(test)]
mod tests {
    use aws_sdk_rds::types;

    use super::super::super::Place;
    use super::super::super::identity::Account;
    use super::{cluster, instance};
    use crate::snapshot::rds::{DbCluster, DbClusterFamily, DbInstance, DbInstanceRole};
    use crate::snapshot::{Attributes, Kind, Zone};

    fn place() -> Place {
        let account = Account { partition: "aws".to_owned(), id: "123456789012".to_owned() };
        Place::new(&account, "eu-west-1")
    }

    fn named(name: &str, engine: &str) -> types::builders::DbInstanceBuilder {
        types::DbInstance::builder().db_instance_identifier(name).engine(engine)
    }

    fn normalise(given: types::builders::DbInstanceBuilder) -> (Kind, Vec<Zone>, DbInstance) {
        let resource = instance(&place(), given.build()).unwrap();
        match resource.attributes {
            Attributes::DbInstance(attributes) => (resource.kind, resource.zones, *attributes),
            other => panic!("{other:?}"),
        }
    }

    fn normalise_cluster(given: types::builders::DbClusterBuilder) -> (Kind, DbCluster) {
        let resource = cluster(&place(), given.db_cluster_identifier("c").build()).unwrap();
        assert!(resource.zones.is_empty());
        match resource.attributes {
            Attributes::DbCluster(attributes) => (resource.kind, *attributes),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn the_role_of_an_instance_follows_from_cluster_engine_and_source() {
        let role = |given| normalise(given).2.role;
        assert_eq!(role(named("a", "postgres")), DbInstanceRole::Standalone);
        assert_eq!(
            role(named("a", "postgres").read_replica_source_db_instance_identifier("b")),
            DbInstanceRole::ReadReplica
        );
        assert_eq!(
            role(named("a", "mysql").read_replica_source_db_cluster_identifier("c")),
            DbInstanceRole::ReadReplica
        );
        for (engine, expected) in [
            ("aurora-mysql", DbInstanceRole::AuroraMember),
            ("docdb", DbInstanceRole::DocdbMember),
            ("neptune", DbInstanceRole::NeptuneMember),
            ("mysql", DbInstanceRole::MultiAzClusterMember),
        ] {
            assert_eq!(role(named("a", engine).db_cluster_identifier("c")), expected, "{engine}");
        }
        // XML does not tell an element that is empty from one that is not there.
        assert_eq!(role(named("a", "postgres").db_cluster_identifier("")), DbInstanceRole::Standalone);
    }

    #[test]
    fn a_source_in_the_region_is_named_and_one_abroad_has_an_arn() {
        let near = normalise(named("a", "mysql").read_replica_source_db_instance_identifier("b")).2;
        assert_eq!(
            near.read_replica_source_db_instance_arn.as_deref(),
            Some("arn:aws:rds:eu-west-1:123456789012:db:b")
        );
        let abroad = "arn:aws:rds:us-east-1:123456789012:db:b";
        let far = normalise(named("a", "mysql").read_replica_source_db_instance_identifier(abroad)).2;
        assert_eq!(far.read_replica_source_db_instance_arn.as_deref(), Some(abroad));
    }

    #[test]
    fn what_the_api_does_not_return_is_null() {
        let (kind, zones, attributes) = normalise(named("a", "docdb"));
        assert_eq!(kind, Kind::DocDbInstance);
        assert!(zones.is_empty());
        assert_eq!(attributes.multi_az, None);
        assert_eq!(attributes.backup_retention_period, None);
        assert_eq!(attributes.deletion_protection, None);
    }

    #[test]
    fn an_instance_runs_in_its_zone_and_that_of_its_standby() {
        let given =
            named("a", "mysql").availability_zone("eu-west-1c").secondary_availability_zone("eu-west-1a");
        assert_eq!(normalise(given).1, [Zone::named("eu-west-1a"), Zone::named("eu-west-1c")]);
    }

    #[test]
    fn the_family_of_a_cluster_follows_from_engine_and_mode() {
        let builder = types::DbCluster::builder;
        let possible = || builder().availability_zones("eu-west-1a").availability_zones("eu-west-1b");
        let (kind, attributes) = normalise_cluster(possible().engine("aurora-postgresql"));
        assert_eq!((kind, attributes.family), (Kind::DbCluster, DbClusterFamily::Aurora));
        let serverless = builder().engine("aurora-mysql").engine_mode("serverless");
        assert_eq!(normalise_cluster(serverless).1.family, DbClusterFamily::AuroraServerlessV1);
        let limitless = builder()
            .engine("aurora-postgresql")
            .cluster_scalability_type(types::ClusterScalabilityType::Limitless);
        assert_eq!(normalise_cluster(limitless).1.family, DbClusterFamily::AuroraLimitless);
        assert_eq!(normalise_cluster(builder().engine("mysql")).1.family, DbClusterFamily::MultiAz);
        let (kind, attributes) = normalise_cluster(builder().engine("neptune"));
        assert_eq!((kind, attributes.family), (Kind::NeptuneCluster, DbClusterFamily::Neptune));
        assert_eq!(normalise_cluster(builder().engine("docdb")).0, Kind::DocDbCluster);
    }

    #[test]
    fn members_are_known_by_arn() {
        let member = types::DbClusterMember::builder().db_instance_identifier("w").is_cluster_writer(true);
        let given = types::DbCluster::builder().engine("aurora-mysql").db_cluster_members(member.build());
        let members = normalise_cluster(given).1.db_cluster_members;
        assert_eq!(members[0].arn, "arn:aws:rds:eu-west-1:123456789012:db:w");
    }
}
