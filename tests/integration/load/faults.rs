//! Stacks, secrets, experiments of fault injection and servers of Elastic Disaster Recovery.

use hadr_scan::snapshot::{Kind, Outcome};
use serde_json::json;

use super::{Found, in_tokyo, tokyo};
use crate::support::gateway::service;
use crate::support::seed::TOKYO;
use crate::support::stub::{ACCOUNT, Regional, Size, id};

const BEGAN: &str = "2026-01-02T03:04:05Z";

fn experiment(number: usize) -> String {
    tokyo("fis", &format!("experiment/EXP{}", id(number)))
}

/// ARNs of what an experiment was done to.
fn targets(number: usize) -> [String; 2] {
    ["cluster:cluster", "db:database"].map(|name| tokyo("rds", &format!("{name}-{}", id(number))))
}

fn server(number: usize) -> String {
    tokyo("drs", &format!("source-server/s-0f0f0f0f0{}", id(number)))
}

#[test]
fn a_region_without_any_costs_one_call_each() {
    let gateway = in_tokyo(Regional::default(), Size::default()).gateway();
    let found = Found::behind(&gateway, &[TOKYO], &[]);
    assert_eq!(found.missed(), []);
    for name in ["cloudformation", "secretsmanager", "fis", "drs"] {
        assert_eq!(gateway.count(service(name)), 1, "{name}");
    }
    // Elastic Disaster Recovery says that the account has not begun to use it.
    for operation in [
        "DescribeSourceServers",
        "DescribeJobs",
        "GetExperiment",
        "ListExperimentResolvedTargets",
        "ListExperimentTemplates",
    ] {
        assert_eq!(found.call(operation, TOKYO), (Outcome::Collected, None, 0), "{operation}");
    }
}

#[test]
fn stacks_and_secrets_come_without_what_is_secret() {
    let regional = Regional { stacks: 201, secrets: 201, ..Regional::default() };
    let gateway = in_tokyo(regional, Size::default()).gateway();
    let found = Found::behind(&gateway, &[TOKYO], &[]);
    assert_eq!(found.missed(), []);
    let stack = |number| tokyo("cloudformation", &format!("stack/stack-{}/0f0f0f0f", id(number)));
    assert_eq!(gateway.count(service("cloudformation")), 3);
    for number in [0, 98, 100, 101, 198, 200] {
        let is_nested = number % 2 == 1;
        let root = is_nested.then(|| tokyo("cloudformation", "stack/root/0f0f0f0f"));
        assert_eq!(
            found.value(&stack(number), "/attributes"),
            &json!({
                "stack_status": "UPDATE_COMPLETE",
                "enable_termination_protection": is_nested,
                "root_id": root,
            })
        );
        assert_eq!(found.value(&stack(number), "/tags"), &json!({"number": number.to_string()}));
    }
    for number in [4, 99, 199] {
        assert!(!found.by_arn.contains_key(&stack(number)), "it was deleted");
    }

    assert_eq!(gateway.count(service("secretsmanager")), 3);
    let secret = |number| tokyo("secretsmanager", &format!("secret:secret-{}-Ab0f0f", id(number)));
    found.has_all(Kind::Secret, 201, |id| tokyo("secretsmanager", &format!("secret:secret-{id}-Ab0f0f")));
    for number in [0, 1, 99, 100, 199, 200] {
        let primary = [None, Some(TOKYO), Some("us-west-2")][number % 3];
        assert_eq!(
            found.value(&secret(number), "/attributes"),
            &json!({
                "primary_region": primary,
                "kms_key_id": (number % 2 == 0).then(|| tokyo("kms", &format!("key/{}", id(number)))),
                "owning_service": (number % 5 == 0).then_some("rds"),
                "last_accessed_date": BEGAN,
            })
        );
        assert_eq!(found.value(&secret(number), "/tags"), &json!({"number": number.to_string()}));
    }
    let everything = serde_json::to_string(&found.snapshot).unwrap();
    assert!(!everything.contains("sesame") && !everything.contains("nobody's business"));
}

#[test]
fn experiments_come_with_what_they_did() {
    let regional = Regional { experiments: 101, experiment_templates: 101, ..Regional::default() };
    let gateway = in_tokyo(regional, Size::default()).gateway();
    let found = Found::behind(&gateway, &[TOKYO], &[]);
    assert_eq!(found.missed(), []);
    assert_eq!(gateway.count(service("fis").operation("ListExperiments")), 2);
    assert_eq!(gateway.count(service("fis").operation("ListExperimentTemplates")), 2);
    found.has_all(Kind::ExperimentTemplate, 101, |id| tokyo("fis", &format!("experiment-template/EXT{id}")));
    for number in [0, 1, 99, 100] {
        let mode = if number % 2 == 0 { "run-all" } else { "skip-all" };
        assert_eq!(
            found.value(&experiment(number), "/attributes"),
            &json!({
                "experiment_template_id": "EXT0f0f0f",
                "status": "completed",
                "actions_mode": mode,
                "start_time": BEGAN,
                "end_time": "2026-01-02T03:14:05Z",
                "actions": [
                    {"action_id": "aws:network:disrupt-connectivity", "status": "failed"},
                    {"action_id": "aws:rds:reboot-db-instances", "status": "completed"},
                ],
                "targets": targets(number),
            })
        );
        assert_eq!(found.value(&experiment(number), "/tags"), &json!({"number": number.to_string()}));
    }
}

/// One target in a page, in each of which the ARN has another name, or there is none.
#[test]
fn what_experiments_were_done_to_comes_from_every_page() {
    let regional = Regional { experiments: 2, experiment_templates: 1, ..Regional::default() };
    let size = Size { most_in_a_page: Some(1), ..Size::default() };
    let gateway = in_tokyo(regional, size).gateway();
    let found = Found::behind(&gateway, &[TOKYO], &[]);
    assert_eq!(found.missed(), []);
    assert_eq!(gateway.count(service("fis").operation("ListExperimentResolvedTargets")), 2 * 3);
    for number in [0, 1] {
        assert_eq!(found.value(&experiment(number), "/attributes/targets"), &json!(targets(number)));
    }
    for operation in ["GetExperiment", "ListExperimentResolvedTargets"] {
        assert_eq!(found.call(operation, TOKYO), (Outcome::Collected, None, 2), "{operation}");
    }
    assert_eq!(found.call("ListExperimentTemplates", TOKYO), (Outcome::Collected, None, 1));
}

#[test]
fn an_experiment_that_is_not_described_has_a_gap() {
    let regional = Regional { experiments: 1, ..Regional::default() };
    let gateway = in_tokyo(regional, Size::default()).gateway();
    gateway.on(service("fis").operation("GetExperiment")).deny();
    let found = Found::behind(&gateway, &[TOKYO], &[]);
    let denied = [("fis:GetExperiment", Outcome::Denied, Some("AccessDeniedException"))];
    assert_eq!(found.gaps(&experiment(0)), denied);
    assert_eq!(found.value(&experiment(0), "/attributes/actions"), &json!(null));
    assert_eq!(found.value(&experiment(0), "/attributes/status"), "completed");
    assert_eq!(found.value(&experiment(0), "/attributes/targets"), &json!(targets(0)));
    assert_eq!(found.call("GetExperiment", TOKYO), (Outcome::Denied, Some("AccessDeniedException"), 0));

    let gateway = in_tokyo(regional, Size::default()).gateway();
    gateway.on(service("fis").operation("ListExperimentResolvedTargets")).deny();
    let found = Found::behind(&gateway, &[TOKYO], &[]);
    let denied = [("fis:ListExperimentResolvedTargets", Outcome::Denied, Some("AccessDeniedException"))];
    assert_eq!(found.gaps(&experiment(0)), denied);
    assert_eq!(found.value(&experiment(0), "/attributes/targets"), &json!(null));
    assert_eq!(found.value(&experiment(0), "/attributes/actions/0/status"), "failed");
}

/// It may be forgotten before both calls are made, or between them.
#[test]
fn an_experiment_that_is_forgotten_is_left_out() {
    let both = ["GetExperiment", "ListExperimentResolvedTargets"];
    for operations in [&both[..], &both[..1], &both[1..]] {
        let gateway = in_tokyo(Regional { experiments: 1, ..Regional::default() }, Size::default()).gateway();
        for operation in operations {
            gateway.on(service("fis").operation(operation)).error(404, "ResourceNotFoundException", "gone");
        }
        let found = Found::behind(&gateway, &[TOKYO], &[]);
        assert_eq!(found.missed(), []);
        assert!(!found.by_arn.contains_key(&experiment(0)), "{operations:?}");
    }
}

#[test]
fn servers_come_with_their_launches() {
    let regional = Regional { source_servers: 201, recovery_jobs: 1001, ..Regional::default() };
    let gateway = in_tokyo(regional, Size::default()).gateway();
    let found = Found::behind(&gateway, &[TOKYO], &[]);
    assert_eq!(found.missed(), []);
    assert_eq!(gateway.count(service("drs")), 4);
    found.has_all(Kind::SourceServer, 201, |id| tokyo("drs", &format!("source-server/s-0f0f0f0f0{id}")));
    found.has_all(Kind::RecoveryJob, 1001, |id| tokyo("drs", &format!("job/drsjob-{id}")));
    for number in [0, 199, 200] {
        let instance = format!("arn:aws:ec2:us-west-2:{ACCOUNT}:instance/i-0f0f0f0f00{}", id(number));
        let instance = (number % 2 == 0).then_some(instance);
        let launched = if number % 2 == 0 { "SUCCEEDED" } else { "NOT_STARTED" };
        assert_eq!(
            found.value(&server(number), "/attributes"),
            &json!({
                "source_instance": instance,
                "data_replication_state": "CONTINUOUS",
                "lag_duration": "PT5M",
                "last_launch_result": launched,
            })
        );
        assert_eq!(found.value(&server(number), "/tags"), &json!({"number": number.to_string()}));
    }
    for number in [0, 999, 1000] {
        assert_eq!(
            found.value(&tokyo("drs", &format!("job/drsjob-{}", id(number))), "/attributes"),
            &json!({
                "initiated_by": "START_DRILL",
                "status": "COMPLETED",
                "creation_date_time": BEGAN,
                "end_date_time": BEGAN,
                "launched": [server(number)],
                "failed": [server(number + 1)],
            })
        );
    }
}

#[test]
fn servers_that_may_not_be_seen_may_have_been_launched() {
    let gateway = in_tokyo(Regional { source_servers: 1, ..Regional::default() }, Size::default()).gateway();
    gateway.on(service("drs").operation("DescribeSourceServers")).deny();
    let found = Found::behind(&gateway, &[TOKYO], &[]);
    assert_eq!(
        found.call("DescribeSourceServers", TOKYO),
        (Outcome::Denied, Some("AccessDeniedException"), 0)
    );
    assert_eq!(found.call("DescribeJobs", TOKYO), (Outcome::Skipped, Some("IncompleteListing"), 0));
}
