//! AWS Backup and what belongs to it: what hangs on vaults and plans, what is given out by its state, and what none of
//! it costs where there is none.

use std::collections::BTreeMap;

use hadr_scan::snapshot::{Kind, Outcome, Timestamp};
use serde_json::{Value, json};

use super::{Found, in_tokyo, tokyo};
use crate::support::gateway::{Reply, anything, service};
use crate::support::seed::TOKYO;
use crate::support::stub::{ACCOUNT, Regional, Size, id};

fn table(id: &str) -> String {
    tokyo("dynamodb", &format!("table/table-{id}"))
}

fn vault(number: usize) -> String {
    tokyo("backup", &format!("backup-vault:vault-{}", id(number)))
}

fn point(vault_number: usize, number: usize) -> String {
    let point = format!("recovery-point:0f0f0f0f-0000-4000-8000-00000{}", id(number));
    format!("{}/{}", vault(vault_number), tokyo("backup", &point))
}

/// Two vaults and two plans, with more in each than a page holds.
#[test]
fn what_hangs_on_vaults_and_plans_comes_out_complete() {
    let regional = Regional {
        backup_vaults: 2,
        recovery_points: 2001,
        backup_plans: 2,
        backup_selections: 1001,
        restore_testing_plans: 2,
        restore_testing_selections: 1001,
        ..Regional::default()
    };
    let gateway = in_tokyo(regional, Size::default()).gateway();
    let found = Found::behind(&gateway, &[TOKYO], &[]);
    assert_eq!(found.missed(), []);
    let asked = |operation: &str| gateway.count(service("backup").operation(operation));

    let points = found.snapshot.resources.iter().filter(|resource| resource.kind == Kind::RecoveryPoint);
    assert_eq!(points.count(), 2 * 2001);
    assert_eq!(asked("ListRecoveryPointsByBackupVault"), 2 * 3);
    for (vault_number, number) in [(0, 0), (0, 999), (0, 1000), (0, 1999), (1, 2000)] {
        let arn = point(vault_number, number);
        assert_eq!(found.value(&arn, "/attributes/resource_arn"), &json!(table(&id(number))));
        assert_eq!(found.value(&arn, "/attributes/backup_vault"), &json!(vault(vault_number)));
        let from = (number % 2 == 1)
            .then(|| format!("arn:aws:backup:us-west-2:{ACCOUNT}:backup-vault:vault-{}", id(vault_number)));
        assert_eq!(found.value(&arn, "/attributes/source_backup_vault_arn"), &json!(from));
        assert_eq!(found.value(&arn, "/attributes/delete_at"), "2027-01-02T03:04:05Z");
    }

    let plan = |number: usize| tokyo("backup", &format!("backup-plan:plan-{}", id(number)));
    let selection = |of: usize, number: usize| format!("{}/selection/selection-{}", plan(of), id(number));
    let selections =
        found.snapshot.resources.iter().filter(|resource| resource.kind == Kind::BackupSelection);
    assert_eq!(selections.count(), 2 * 1001);
    assert_eq!((asked("ListBackupSelections"), asked("GetBackupSelection")), (2 * 2, 2 * 1001));
    for number in [0, 998, 1000] {
        let arn = selection(1, number);
        let tag = json!([{"key": "number", "value": number.to_string()}]);
        assert_eq!(found.value(&arn, "/attributes/list_of_tags"), &tag);
        assert_eq!(found.value(&arn, "/attributes/backup_plan"), &json!(plan(1)));
    }
    let by_name = selection(0, 999);
    assert_eq!(found.value(&by_name, "/attributes/resources"), &json!(["arn:aws:dynamodb:*:*:table/*"]));
    let tag = json!([{"key": "number", "value": "999"}]);
    assert_eq!(found.value(&by_name, "/attributes/conditions/string_equals"), &tag);
    let copy = format!("arn:aws:backup:us-west-2:{ACCOUNT}:backup-vault:vault-0000001");
    let copies = json!([{"destination_backup_vault_arn": copy, "delete_after_days": 2}]);
    assert_eq!(found.value(&plan(1), "/attributes/rules/0/copy_actions"), &copies);
    assert_eq!(found.value(&plan(0), "/attributes/last_execution_date"), &Value::Null, "it never ran");

    assert_eq!(asked("ListRestoreTestingSelections"), 2 * 2);
    let testing = tokyo("backup", "restore-testing-plan:weekly_0000001-0f0f");
    assert_eq!(found.value(&testing, "/attributes/protected_resource_types"), &json!(["DynamoDB", "RDS"]));
    let settings = tokyo("backup", "region-settings");
    let preference = "/attributes/resource_type_opt_in_preference";
    assert_eq!(found.value(&settings, &format!("{preference}/S3")), &json!(false));
    assert_eq!(found.value(&settings, &format!("{preference}/DynamoDB")), &json!(true));
}

/// Jobs are asked for by each state that means a failure, and restores by the one that does not.
#[test]
fn jobs_of_every_state_that_matters_are_listed_to_the_end() {
    let regional = Regional {
        backup_vaults: 1,
        failed_backups: 4 * 1001,
        failed_copies: 2 * 1001,
        restores: 1001,
        ..Regional::default()
    };
    let gateway = in_tokyo(regional, Size::default()).gateway();
    let found = Found::behind(&gateway, &[TOKYO], &[]);
    assert_eq!(found.missed(), []);

    found.has_all(Kind::BackupJob, 4004, |id| tokyo("backup", &format!("backup-job/job-{id}")));
    found.has_all(Kind::CopyJob, 2002, |id| tokyo("backup", &format!("copy-job/copy-{id}")));
    found.has_all(Kind::RestoreJob, 1001, |id| tokyo("backup", &format!("restore-job/restore-{id}")));
    for (number, state) in [(4000, "FAILED"), (4001, "EXPIRED"), (4002, "ABORTED"), (4003, "PARTIAL")] {
        let job = tokyo("backup", &format!("backup-job/job-{}", id(number)));
        assert_eq!(found.value(&job, "/attributes/state"), state);
        assert_eq!(found.value(&job, "/attributes/resource_arn"), &json!(table(&id(number))));
        assert_eq!(found.value(&job, "/attributes/message_category"), "AccessDenied");
    }
    let copy = tokyo("backup", "copy-job/copy-0002001");
    assert_eq!(found.value(&copy, "/attributes/state"), "PARTIAL");
    let to = format!("arn:aws:backup:us-west-2:{ACCOUNT}:backup-vault:vault-0000000");
    assert_eq!(found.value(&copy, "/attributes/destination_vault_arn"), &json!(to));
    let restore = tokyo("backup", "restore-job/restore-0000999");
    assert_eq!(found.value(&restore, "/attributes/validation_status"), "SUCCESSFUL");
    assert_eq!(found.value(&restore, "/attributes/completion_date"), "2026-01-02T04:04:05Z");
    assert_eq!(
        found.value(&restore, "/attributes/restore_testing_plan_arn"),
        &json!(tokyo("backup", "restore-testing-plan:weekly_0000000-0f0f"))
    );

    let mut states = BTreeMap::<(String, String), usize>::new();
    for request in gateway.requests(service("backup")) {
        if let Some(state) = request.parameter("state").or_else(|| request.parameter("status")) {
            *states.entry((request.operation.clone(), state.to_owned())).or_default() += 1;
        }
    }
    let expected = [
        ("ListBackupJobs", ["ABORTED", "EXPIRED", "FAILED", "PARTIAL"].as_slice()),
        ("ListCopyJobs", &["FAILED", "PARTIAL"]),
        ("ListRestoreJobs", &["COMPLETED"]),
    ];
    let expected = expected.iter().flat_map(|(operation, states)| {
        states.iter().map(|state| (((*operation).to_owned(), (*state).to_owned()), 2))
    });
    assert_eq!(states, expected.collect());
}

/// Of a resource that is backed up every day, the newest backup is what would be lost behind; and of years of backups,
/// those are listed that a plan of a quarter has made.
#[test]
fn backups_are_listed_as_far_back_as_they_say_something() {
    let regional = Regional { backup_vaults: 1, recovery_points: 3, ..Regional::default() };
    let gateway = in_tokyo(regional, Size::default()).gateway();
    let list = || service("backup").operation("ListRecoveryPointsByBackupVault");
    gateway.on(list()).rewrite(|_, text| {
        (0..3).fold(text, |text, number| text.replace(&table(&id(number)), &table("0000000")))
    });
    let found = Found::behind(&gateway, &[TOKYO], &[]);
    let points = found.snapshot.resources.iter().filter(|resource| resource.kind == Kind::RecoveryPoint);
    let points: Vec<&str> = points.map(|resource| resource.arn.as_str()).collect();
    assert_eq!(points, [point(0, 2)], "each was made after the one before");

    let request = gateway.requests(list()).remove(0);
    let since = request.parameter("createdAfter").unwrap().replace("%3A", ":");
    let since: Timestamp = since.parse().unwrap();
    let days = found.snapshot.captured_at.seconds_since(since) / (24 * 3600);
    assert!((99..=100).contains(&days), "{days} days");
}

/// One call for each service says that there is nothing, and nothing else is asked.
#[test]
fn a_region_without_backups_alarms_and_keys_costs_a_call_for_each_service() {
    let gateway = in_tokyo(Regional::default(), Size::default()).gateway();
    let found = Found::behind(&gateway, &[TOKYO], &[]);
    let asked = |name: &str| -> Vec<String> {
        gateway.requests(service(name).region(TOKYO)).into_iter().map(|request| request.operation).collect()
    };
    assert_eq!(asked("backup"), ["ListBackupVaults"]);
    assert_eq!(asked("dlm"), ["GetLifecyclePolicies"]);
    assert_eq!(asked("monitoring"), ["DescribeAlarms"]);
    assert_eq!(asked("kms"), ["ListKeys"]);
    // What was not asked is known all the same.
    for operation in [
        "DescribeRegionSettings",
        "GetBackupPlan",
        "GetBackupSelection",
        "ListBackupJobs",
        "ListBackupPlans",
        "ListBackupSelections",
        "ListCopyJobs",
        "ListProtectedResources",
        "ListRecoveryPointsByBackupVault",
        "ListRestoreJobs",
        "ListRestoreTestingPlans",
        "ListRestoreTestingSelections",
        "DescribeKey",
        "GetLifecyclePolicy",
    ] {
        assert_eq!(found.call(operation, TOKYO), (Outcome::Collected, None, 0), "{operation}");
    }
}

/// A vault that is empty says so in the list, so that a Region with one costs what its lists cost.
#[test]
fn what_is_in_an_empty_vault_is_not_asked() {
    let regional = Regional { backup_vaults: 1, ..Regional::default() };
    let gateway = in_tokyo(regional, Size::default()).gateway();
    Found::behind(&gateway, &[TOKYO], &[]);
    let mut made: Vec<String> =
        gateway.requests(service("backup")).into_iter().map(|request| request.operation).collect();
    made.sort();
    let expected = [
        "DescribeRegionSettings",
        "ListBackupJobs",
        "ListBackupJobs",
        "ListBackupJobs",
        "ListBackupJobs",
        "ListBackupPlans",
        "ListBackupVaults",
        "ListCopyJobs",
        "ListCopyJobs",
        "ListProtectedResources",
        "ListRestoreJobs",
        "ListRestoreTestingPlans",
    ];
    assert_eq!(made, expected);
}

/// A Region where nobody may list the vaults may have any, so that everything else is asked.
#[test]
fn vaults_that_cannot_be_listed_do_not_hide_the_plans() {
    let gateway = in_tokyo(Regional::each(1), Size::default()).gateway();
    gateway.on(service("backup").operation("ListBackupVaults")).deny();
    let found = Found::behind(&gateway, &[TOKYO], &[]);
    assert_eq!(found.call("ListBackupVaults", TOKYO), (Outcome::Denied, Some("AccessDeniedException"), 0));
    assert_eq!(
        found.call("ListRecoveryPointsByBackupVault", TOKYO),
        (Outcome::Skipped, Some("IncompleteListing"), 0)
    );
    assert_eq!(found.call("ListBackupPlans", TOKYO), (Outcome::Collected, None, 1));
    let plan = tokyo("backup", "backup-plan:plan-0000000");
    assert_eq!(found.value(&plan, "/attributes/rules/0/rule_name"), "daily");
}

/// Vaults, plans, selections, keys and policies are deleted between the list and the calls about them.
#[test]
fn what_is_gone_after_it_was_listed_is_left_out() {
    let gateway = in_tokyo(Regional::each(2), Size::default()).gateway();
    let gone = |operation: &str| gateway.on(anything().operation(operation));
    for operation in [
        "GetBackupPlan",
        "GetBackupSelection",
        "ListBackupSelections",
        "ListRecoveryPointsByBackupVault",
        "ListRestoreTestingSelections",
    ] {
        gone(operation).error(400, "ResourceNotFoundException", "It is gone");
    }
    gone("GetLifecyclePolicy").error(404, "ResourceNotFoundException", "It is gone");
    gone("DescribeKey").error(400, "NotFoundException", "It is gone");
    let found = Found::behind(&gateway, &[TOKYO], &[]);
    assert_eq!(found.missed(), []);
    let with_gaps: Vec<&str> =
        found.snapshot.resources.iter().filter(|it| !it.gaps.is_empty()).map(|it| it.arn.as_str()).collect();
    assert_eq!(with_gaps, [""; 0]);
    for kind in [
        Kind::BackupPlan,
        Kind::BackupSelection,
        Kind::BackupVault,
        Kind::RecoveryPoint,
        Kind::RestoreTestingPlan,
        Kind::LifecyclePolicy,
        Kind::Key,
    ] {
        let left: Vec<&str> =
            found.snapshot.resources.iter().filter(|it| it.kind == kind).map(|it| it.arn.as_str()).collect();
        assert_eq!(left, [""; 0], "{}", kind.as_str());
    }
}

/// What is not said about a plan, a vault, a policy or a key is a gap of it, and its values are not made up.
#[test]
fn what_may_not_be_asked_is_a_gap_of_what_it_is_about() {
    let gateway = in_tokyo(Regional::each(1), Size::default()).gateway();
    for operation in [
        "DescribeKey",
        "GetBackupPlan",
        "GetLifecyclePolicy",
        "ListBackupSelections",
        "ListRecoveryPointsByBackupVault",
        "ListRestoreTestingSelections",
    ] {
        gateway.on(anything().operation(operation)).deny();
    }
    let found = Found::behind(&gateway, &[TOKYO], &[]);
    let denied = |operation| (operation, Outcome::Denied, Some("AccessDeniedException"));
    let plan = tokyo("backup", "backup-plan:plan-0000000");
    assert_eq!(found.gaps(&plan), [denied("backup:GetBackupPlan"), denied("backup:ListBackupSelections")]);
    assert_eq!(found.value(&plan, "/attributes/rules"), &Value::Null);
    assert_eq!(found.gaps(&vault(0)), [denied("backup:ListRecoveryPointsByBackupVault")]);
    let testing = tokyo("backup", "restore-testing-plan:weekly_0000000-0f0f");
    assert_eq!(found.gaps(&testing), [denied("backup:ListRestoreTestingSelections")]);
    assert_eq!(found.value(&testing, "/attributes/protected_resource_types"), &Value::Null);
    let key = tokyo("kms", "key/0f0f0f0f-0000-4000-8000-000000000000");
    assert_eq!(found.gaps(&key), [denied("kms:DescribeKey")]);
    assert_eq!(found.value(&key, "/attributes/key_state"), &Value::Null);
    let policy = tokyo("dlm", "policy/policy-00000000000000000");
    assert_eq!(found.gaps(&policy), [denied("dlm:GetLifecyclePolicy")]);
    assert_eq!(found.value(&policy, "/attributes/state"), "ENABLED", "that was in the list");
    assert_eq!(found.value(&policy, "/attributes/schedules"), &Value::Null);
}

/// What keys are for, who may use them and as whom backups are made is nobody's business, and is not asked for or not
/// kept.
#[test]
fn what_keys_are_for_and_who_may_use_them_does_not_enter() {
    let gateway = in_tokyo(Regional::each(1), Size::default()).gateway();
    let found = Found::behind(&gateway, &[TOKYO], &[]);
    let mut asked: Vec<String> =
        gateway.requests(service("kms")).into_iter().map(|request| request.operation).collect();
    asked.sort();
    assert_eq!(asked, ["DescribeKey", "ListKeys"], "neither policies nor grants nor public keys");
    let key = tokyo("kms", "key/0f0f0f0f-0000-4000-8000-000000000000");
    let members = found.value(&key, "/attributes").as_object().unwrap();
    let names: Vec<&str> = members.keys().map(String::as_str).collect();
    let expected = ["deletion_date", "key_manager", "key_state", "multi_region", "multi_region_keys"];
    assert_eq!(names, expected);
    let written = serde_json::to_string(&found.snapshot).unwrap();
    for text in ["nobody's business", ":role/", "sufficient permissions", "Unchecked: Initial alarm"] {
        assert!(!written.contains(text), "{text}");
    }
}

/// moto and ministack answer what they do not have with a page, which is neither "there is none" nor "it is gone".
#[test]
fn a_page_of_a_server_that_lacks_the_service_is_no_answer() {
    for status in [404, 500] {
        let gateway = in_tokyo(Regional::each(1), Size::default()).gateway();
        for name in ["backup", "dlm", "kms", "monitoring"] {
            gateway.on(service(name)).reply(Reply::html(status));
        }
        let found = Found::behind(&gateway, &[TOKYO], &[]);
        let code = format!("HTTP {status}");
        for operation in [
            "DescribeAlarms",
            "DescribeRegionSettings",
            "GetLifecyclePolicies",
            "ListBackupJobs",
            "ListBackupPlans",
            "ListBackupVaults",
            "ListCopyJobs",
            "ListKeys",
            "ListProtectedResources",
            "ListRestoreJobs",
            "ListRestoreTestingPlans",
        ] {
            let expected = (Outcome::Unsupported, Some(code.as_str()), 0);
            assert_eq!(found.call(operation, TOKYO), expected, "{operation}");
        }
        let asked = gateway.count(service("monitoring").operation("DescribeAlarms"));
        assert_eq!(asked, 1, "it is not asked again");
    }
}

/// CloudWatch refuses in CBOR, which is an answer as any other.
#[test]
fn what_cloudwatch_refuses_is_told_from_what_it_does_not_have() {
    let gateway = in_tokyo(Regional::each(1), Size::default()).gateway();
    gateway.on(service("monitoring")).deny();
    let found = Found::behind(&gateway, &[TOKYO], &[]);
    assert_eq!(found.call("DescribeAlarms", TOKYO), (Outcome::Denied, Some("AccessDenied"), 0));
}
