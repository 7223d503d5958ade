//! Backups that scanners of single settings get wrong. Each case is a table, a bucket, a volume or a file system with
//! the name of what is odd about it; nothing else of the account is in a plan unless a case says so.

use aws_sdk_backup::types::{ConditionParameter, Conditions};
use aws_sdk_efs::types::Tag;

use super::TAGS;
use crate::support::account::Account;
use crate::support::seed::backup::{self, Plan};
use crate::support::seed::{OrFail as _, SINGAPORE, TOKYO, Tags, bucket, keys, table, version};

/// Name of the vault in Tokyo.
const VAULT: &str = "backups";

const DAILY: &str = "cron(0 5 ? * * *)";

/// There is no such day.
const NEVER: &str = "cron(0 5 31 2 ? *)";

const DAYS: i64 = 35;

/// The tags of all of the account and one that says how something is backed up.
fn tags(backup: &str) -> Vec<(&str, &str)> {
    let mut tags = TAGS.to_vec();
    tags.push(("backup", backup));
    tags
}

/// Fills the account. `partner` is another account, which backups are copied to.
pub(super) async fn seed(account: &Account, partner: &Account) {
    let key = keys::key(account, TOKYO, "alias/backups").await;
    backup::vault(account, TOKYO, VAULT, &key).await;
    for (name, value) in [
        ("only-by-tag", "daily"),
        ("left-out-by-arn", "daily"),
        ("by-a-condition", "conditions"),
        ("other-value", "weekly"),
        ("copied-to-a-partner", "partner"),
        ("never-backed-up", "never"),
        ("left-the-plan", "no-more"),
    ] {
        table(account, TOKYO, name, &tags(value)).await;
    }
    let bucket = bucket(account, TOKYO, "not-opted-in", false, &tags("daily")).await;
    version(account, TOKYO, &bucket).await;
    backup::opt_out(account, TOKYO, "S3").await;
    backup::snapshot_daily(account, TOKYO, ("backup", "snapshots")).await;

    file_systems(account).await;

    // By tag, with one of the tagged left out; and a cluster by name, whose members are backed up with it.
    let daily = plan(account, "daily", DAILY, None).await;
    let mut selection = backup::by_tags(account, "tagged", &[("backup", "daily")]);
    let table_arn = |name: &str| account.arn("dynamodb", TOKYO, &format!("table/{name}"));
    selection.not_resources = Some(vec![table_arn("left-out-by-arn")]);
    backup::select(account, TOKYO, &daily, selection).await;
    let mut selection = backup::by_tags(account, "named", &[]);
    selection.resources = Some(vec![account.arn("rds", TOKYO, "cluster:two-members")]);
    backup::select(account, TOKYO, &daily, selection).await;

    // Everything, of which a condition leaves one thing.
    let narrowed = plan(account, "narrowed", DAILY, None).await;
    let condition = ConditionParameter::builder()
        .condition_key("aws:ResourceTag/backup")
        .condition_value("conditions")
        .build();
    let mut selection = backup::by_tags(account, "everything", &[]);
    selection.resources = Some(vec!["*".to_owned()]);
    selection.conditions = Some(Conditions::builder().string_equals(condition).build());
    backup::select(account, TOKYO, &narrowed, selection).await;

    let vault = partner.arn("backup", SINGAPORE, "backup-vault:partner");
    let copying = plan(account, "copying", DAILY, Some(&vault)).await;
    backup::select(account, TOKYO, &copying, backup::by_tags(account, "tagged", &[("backup", "partner")]))
        .await;
    let never = plan(account, "never", NEVER, None).await;
    backup::select(account, TOKYO, &never, backup::by_tags(account, "tagged", &[("backup", "never")])).await;
    plan(account, "without-selections", DAILY, None).await;

    for (name, days_ago, keep) in
        [("only-by-tag", 0, DAYS), ("by-a-condition", 0, DAYS), ("copied-to-a-partner", 0, DAYS)]
    {
        backup::back_up(account, TOKYO, (VAULT, &table_arn(name)), days_ago, keep).await;
    }
    // More than a year ago, and kept for ten.
    backup::back_up(account, TOKYO, (VAULT, &table_arn("left-the-plan")), 400, 3650).await;
}

/// EFS can have AWS Backup keep what nobody has put into a plan, and one zone is as many as it was asked for.
async fn file_systems(account: &Account) {
    let client = aws_sdk_efs::Client::new(&account.sdk_config(TOKYO));
    for (name, backup, is_automatic, zone) in [
        ("files-backed-up-by-efs", "no-more", true, None),
        ("files-by-tag", "daily", false, None),
        ("files-in-no-plan", "no-more", false, None),
        ("files-in-one-zone", "daily", false, Some("ap-northeast-1a")),
    ] {
        let mut tags = tags(backup);
        tags.push(("Name", name));
        let tags = tags.into_iter().map(|(key, value)| Tag::builder().key(key).value(value).build());
        let tags: Vec<Tag> = tags.map(|tag| tag.expect("a tag has a key and a value")).collect();
        client
            .create_file_system()
            .creation_token(name)
            .encrypted(true)
            .backup(is_automatic)
            .set_availability_zone_name(zone.map(str::to_owned))
            .set_tags(Some(tags))
            .send()
            .await
            .or_fail(name);
    }
}

async fn plan(account: &Account, name: &str, schedule: &str, copy_to: Option<&str>) -> String {
    backup::plan(account, TOKYO, Plan { name, vault: VAULT, schedule, days: DAYS, copy_to }).await
}

/// Tags of a volume that Data Lifecycle Manager has.
pub(super) const OF_VOLUME: Tags<'static> = &[
    ("env", "prod"),
    ("hadr:tier", "mission-critical"),
    ("backup", "snapshots"),
    ("Name", "by-lifecycle-policy"),
];
