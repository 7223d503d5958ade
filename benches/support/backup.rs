//! What protects the large account: in each Region a plan that selects everything by a tag, and a vault whose lock
//! nobody can remove any more.

use std::collections::BTreeMap;

use hadr_scan::snapshot::backup::{
    BackupPlan, BackupRule, BackupSelection, BackupVault, RecoveryPoint, RegionSettings, TagCondition,
};
use hadr_scan::snapshot::{Attributes, Kind, Resource};

use super::{ACCOUNT, CREATED, NEWEST, resource, text};

/// The plan, what it selects, the vault and the settings of a Region.
pub(super) fn settings(region: &'static str) -> [Resource; 4] {
    let arn = |rest: &str| format!("arn:aws:backup:{region}:{ACCOUNT}:{rest}");
    let plan = arn("backup-plan:daily");
    let rule = BackupRule {
        rule_name: "daily".to_owned(),
        target_backup_vault_name: "main".to_owned(),
        schedule_expression: text("cron(0 5 ? * * *)"),
        start_window_minutes: Some(60),
        completion_window_minutes: Some(180),
        delete_after_days: Some(365),
        ..BackupRule::default()
    };
    let schedule = BackupPlan {
        rules: Some(vec![rule]),
        last_execution_date: Some(NEWEST),
        creation_date: Some(CREATED),
    };
    let selection = BackupSelection {
        backup_plan: plan.clone(),
        resources: Some(Vec::new()),
        not_resources: Some(Vec::new()),
        list_of_tags: Some(vec![TagCondition { key: "team".to_owned(), value: "payments".to_owned() }]),
        conditions: Some(Default::default()),
    };
    let vault = BackupVault {
        vault_type: text("BACKUP_VAULT"),
        vault_state: text("AVAILABLE"),
        locked: Some(true),
        lock_date: Some(CREATED),
        min_retention_days: Some(35),
        ..BackupVault::default()
    };
    let types = ["Aurora", "EBS", "RDS", "S3"].map(|name| (name.to_owned(), true));
    let settings = RegionSettings { resource_type_opt_in_preference: Some(BTreeMap::from(types)) };
    let name = |kind: Kind, arn: String, name: &str, attributes| {
        resource(kind, arn, name.to_owned(), region, attributes)
    };
    [
        name(Kind::BackupPlan, plan.clone(), "daily", Attributes::BackupPlan(Box::new(schedule))),
        name(
            Kind::BackupSelection,
            format!("{plan}/selection/all"),
            "all",
            Attributes::BackupSelection(Box::new(selection)),
        ),
        name(Kind::BackupVault, vault_of(region), "main", Attributes::BackupVault(Box::new(vault))),
        name(
            Kind::RegionSettings,
            arn("region-settings"),
            "region-settings",
            Attributes::RegionSettings(Box::new(settings)),
        ),
    ]
}

/// Last night's backup of a resource.
pub(super) fn of(backed_up: &Resource, resource_type: &str) -> Resource {
    let region = backed_up.region.as_str();
    let vault = vault_of(region);
    let recovery_point = format!("arn:aws:backup:{region}:{ACCOUNT}:recovery-point:{}", backed_up.name);
    let attributes = RecoveryPoint {
        recovery_point_arn: recovery_point.clone(),
        resource_arn: Some(backed_up.arn.clone()),
        resource_type: text(resource_type),
        backup_vault: vault.clone(),
        status: text("COMPLETED"),
        creation_date: Some(NEWEST),
        is_encrypted: Some(true),
        ..RecoveryPoint::default()
    };
    resource(
        Kind::RecoveryPoint,
        format!("{vault}/{recovery_point}"),
        backed_up.name.clone(),
        region,
        Attributes::RecoveryPoint(Box::new(attributes)),
    )
}

fn vault_of(region: &str) -> String {
    format!("arn:aws:backup:{region}:{ACCOUNT}:backup-vault:main")
}
