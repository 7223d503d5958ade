//! What makes backups in the accounts: vaults, plans with what they select, restore testing, lifecycle policies.

use aws_sdk_backup::Client;
use aws_sdk_backup::types::{
    BackupPlanInput, BackupRuleInput, BackupSelection, Condition, ConditionType, CopyAction, Lifecycle,
    RestoreTestingPlanForCreate, RestoreTestingRecoveryPointSelection,
    RestoreTestingRecoveryPointSelectionAlgorithm, RestoreTestingRecoveryPointType,
    RestoreTestingSelectionForCreate,
};
use aws_sdk_dlm::types::{
    CreateRule, IntervalUnitValues, PolicyDetails, PolicyTypeValues, ResourceTypeValues, RetainRule,
    Schedule, SettablePolicyStateValues, Tag,
};

use super::OrFail as _;
use crate::support::account::Account;
use crate::support::corrections::DAYS_AGO;

fn client(account: &Account, region: &'static str) -> Client {
    Client::new(&account.sdk_config(region))
}

fn role(account: &Account) -> String {
    format!("arn:aws:iam::{}:role/service-role/AWSBackupDefaultServiceRole", account.id)
}

/// A vault; gives its ARN.
pub(super) async fn vault(account: &Account, region: &'static str, name: &str, key: &str) -> String {
    let made = client(account, region)
        .create_backup_vault()
        .backup_vault_name(name)
        .encryption_key_arn(key)
        .send()
        .await
        .or_fail(&format!("vault {name}"));
    made.backup_vault_arn.expect("a vault has an ARN")
}

/// Locks a vault for ever.
pub(super) async fn lock(account: &Account, region: &'static str, vault: &str, days: i64) {
    client(account, region)
        .put_backup_vault_lock_configuration()
        .backup_vault_name(vault)
        .min_retention_days(days)
        .changeable_for_days(3)
        .send()
        .await
        .or_fail(&format!("lock of {vault}"));
}

/// A plan of one rule.
pub(super) struct Plan<'a> {
    pub(super) name: &'a str,
    pub(super) vault: &'a str,
    pub(super) schedule: &'a str,
    pub(super) days: i64,
    /// ARN of the vault that backups are copied to.
    pub(super) copy_to: Option<&'a str>,
}

/// Makes a plan; gives its id.
pub(super) async fn plan(account: &Account, region: &'static str, plan: Plan<'_>) -> String {
    let keep = || Lifecycle::builder().delete_after_days(plan.days).build();
    let copy = plan.copy_to.map(|vault| {
        let copy = CopyAction::builder().destination_backup_vault_arn(vault).lifecycle(keep());
        vec![copy.build().expect("complete")]
    });
    let rule = BackupRuleInput::builder()
        .rule_name(plan.name)
        .target_backup_vault_name(plan.vault)
        .schedule_expression(plan.schedule)
        .start_window_minutes(60)
        .completion_window_minutes(360)
        .lifecycle(keep())
        .set_copy_actions(copy)
        .build()
        .expect("complete");
    let input = BackupPlanInput::builder().backup_plan_name(plan.name).rules(rule).build();
    let made = client(account, region)
        .create_backup_plan()
        .backup_plan(input.expect("complete"))
        .send()
        .await
        .or_fail(&format!("plan {}", plan.name));
    made.backup_plan_id.expect("a plan has an id")
}

/// A selection of a plan by any tags. More of it is set by the caller.
pub(super) fn by_tags(account: &Account, name: &str, tags: &[(&str, &str)]) -> BackupSelection {
    let tags = tags.iter().map(|(key, value)| {
        let condition = Condition::builder().condition_type(ConditionType::Stringequals);
        condition.condition_key(*key).condition_value(*value).build().expect("complete")
    });
    BackupSelection::builder()
        .selection_name(name)
        .iam_role_arn(role(account))
        .set_list_of_tags(Some(tags.collect()))
        .build()
        .expect("complete")
}

/// Gives a plan what it selects.
pub(super) async fn select(account: &Account, region: &'static str, plan: &str, selection: BackupSelection) {
    client(account, region)
        .create_backup_selection()
        .backup_plan_id(plan)
        .backup_selection(selection)
        .send()
        .await
        .or_fail("selection");
}

/// Makes a backup as a plan does, so many days ago; gives its ARN.
pub(super) async fn back_up(
    account: &Account,
    region: &'static str,
    (vault, resource): (&str, &str),
    days_ago: u32,
    keep_days: i64,
) -> String {
    let made = client(account, region)
        .start_backup_job()
        .backup_vault_name(vault)
        .resource_arn(resource)
        .iam_role_arn(role(account))
        .lifecycle(Lifecycle::builder().delete_after_days(keep_days).build())
        .recovery_point_tags(DAYS_AGO, days_ago.to_string())
        .send()
        .await
        .or_fail(&format!("backup of {resource}"));
    made.recovery_point_arn.expect("a backup has an ARN")
}

/// Copies a backup to another vault.
pub(super) async fn copy(
    account: &Account,
    region: &'static str,
    (vault, point): (&str, &str),
    to: &str,
    keep_days: i64,
) {
    client(account, region)
        .start_copy_job()
        .source_backup_vault_name(vault)
        .recovery_point_arn(point)
        .destination_backup_vault_arn(to)
        .iam_role_arn(role(account))
        .lifecycle(Lifecycle::builder().delete_after_days(keep_days).build())
        .send()
        .await
        .or_fail(&format!("copy of {point}"));
}

/// Opts a type of resource out, so that no tag selects it.
pub(super) async fn opt_out(account: &Account, region: &'static str, kind: &str) {
    client(account, region)
        .update_region_settings()
        .resource_type_opt_in_preference(kind, false)
        .send()
        .await
        .or_fail(&format!("settings of {region}"));
}

/// Restores the newest backups of these types once a week, to see whether they can be.
pub(super) async fn test_restores(account: &Account, region: &'static str, name: &str, kinds: &[&str]) {
    let client = client(account, region);
    let points = RestoreTestingRecoveryPointSelection::builder()
        .algorithm(RestoreTestingRecoveryPointSelectionAlgorithm::LatestWithinWindow)
        .include_vaults("*")
        .recovery_point_types(RestoreTestingRecoveryPointType::Snapshot)
        .build();
    let plan = RestoreTestingPlanForCreate::builder()
        .restore_testing_plan_name(name)
        .schedule_expression("cron(0 12 ? * SUN *)")
        .recovery_point_selection(points)
        .build()
        .expect("complete");
    client.create_restore_testing_plan().restore_testing_plan(plan).send().await.or_fail(name);
    for kind in kinds {
        let selection = RestoreTestingSelectionForCreate::builder()
            .restore_testing_selection_name(*kind)
            .protected_resource_type(*kind)
            .protected_resource_arns("*")
            .iam_role_arn(role(account))
            .build()
            .expect("complete");
        client
            .create_restore_testing_selection()
            .restore_testing_plan_name(name)
            .restore_testing_selection(selection)
            .send()
            .await
            .or_fail(&format!("{name} of {kind}"));
    }
}

/// A policy of Data Lifecycle Manager that makes a snapshot of volumes with a tag every day, and keeps seven.
pub(super) async fn snapshot_daily(account: &Account, region: &'static str, tag: (&str, &str)) {
    let schedule = Schedule::builder()
        .name("daily")
        .create_rule(CreateRule::builder().interval(24).interval_unit(IntervalUnitValues::Hours).build())
        .retain_rule(RetainRule::builder().count(7).build());
    let details = PolicyDetails::builder()
        .policy_type(PolicyTypeValues::EbsSnapshotManagement)
        .resource_types(ResourceTypeValues::Volume)
        .target_tags(Tag::builder().key(tag.0).value(tag.1).build())
        .schedules(schedule.build());
    aws_sdk_dlm::Client::new(&account.sdk_config(region))
        .create_lifecycle_policy()
        .description("daily")
        .execution_role_arn(format!("arn:aws:iam::{}:role/AWSDataLifecycleManagerDefaultRole", account.id))
        .state(SettablePolicyStateValues::Enabled)
        .policy_details(details.build())
        .send()
        .await
        .or_fail("lifecycle policy");
}
