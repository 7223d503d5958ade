//! Application Recovery Controller and Resilience Hub: what is shifted, switched and promised, where it is listed, and
//! what none of it costs where there is none.

use hadr_scan::snapshot::{Kind, Outcome};
use serde_json::{Value, json};

use super::{Found, balancer, in_tokyo, tokyo};
use crate::support::gateway::{Gateway, service};
use crate::support::seed::TOKYO;
use crate::support::stub::{ACCOUNT, Regional, Size, id};

const VIRGINIA: &str = "us-east-1";

const OREGON: &str = "us-west-2";

/// A few of everything that is in no Region.
fn few() -> Size {
    Size {
        plans: 2,
        plan_executions: 1,
        clusters: 1,
        control_panels: 1,
        routing_controls: 1,
        ..Size::default()
    }
}

fn app(number: usize) -> String {
    tokyo("resiliencehub", &format!("app/0f0f0f0f-0000-4000-8000-00000{}", id(number)))
}

fn policy(number: usize) -> String {
    tokyo("resiliencehub", &format!("resiliency-policy/0f0f0f0f-0000-4000-8000-00000{}", id(number)))
}

fn plan(number: usize) -> String {
    format!("arn:aws:arc-region-switch::{ACCOUNT}:plan/plan-{}:0f0f0f", id(number))
}

fn control(cluster: usize, panel: usize, number: usize) -> String {
    let panel = format!("controlpanel/{}{}", id(cluster), id(panel));
    format!("arn:aws:route53-recovery-control::{ACCOUNT}:{panel}/routingcontrol/{}", id(number))
}

/// How often an operation was called.
fn asked(gateway: &Gateway, name: &str, operation: &str) -> usize {
    gateway.count(service(name).operation(operation))
}

/// The calls to these services that did not end with an answer.
fn missed(found: &Found) -> Vec<(&str, &str, Outcome)> {
    const SERVICES: [&str; 4] =
        ["arc-region-switch", "arc-zonal-shift", "resiliencehub", "route53-recovery-control-config"];
    found.missed().into_iter().filter(|(service, ..)| SERVICES.contains(service)).collect()
}

/// How many resources of a type there are.
fn number_of(found: &Found, kind: Kind) -> usize {
    found.snapshot.resources.iter().filter(|resource| resource.kind == kind).count()
}

#[test]
fn what_can_be_shifted_out_of_a_zone_comes_out_complete() {
    let regional = Regional { managed_resources: 250, zonal_shifts: 200, ..Regional::default() };
    let gateway = in_tokyo(regional, Size::default()).gateway();
    let found = Found::behind(&gateway, &[TOKYO], &[]);
    assert_eq!(missed(&found), []);

    let managed = |number: usize| tokyo("arc-zonal-shift", &format!("managed-resource/{}", balancer(number)));
    found.has_all(Kind::ManagedResource, 250, |id| managed(id.parse().unwrap()));
    assert_eq!(asked(&gateway, "arc-zonal-shift", "ListManagedResources"), 3);
    for number in [0, 99, 100, 199, 200, 249] {
        let managed = managed(number);
        let status = if number % 2 == 1 { "ENABLED" } else { "DISABLED" };
        assert_eq!(found.value(&managed, "/name"), &json!(format!("web-{}", id(number))));
        assert_eq!(found.value(&managed, "/attributes/resource_arn"), &json!(balancer(number)));
        assert_eq!(found.value(&managed, "/attributes/zonal_autoshift_status"), status);
        assert_eq!(found.value(&managed, "/attributes/practice_run_status"), status);
    }

    let shift =
        |id: &str| tokyo("arc-zonal-shift", &format!("zonal-shift/0f0f0f0f-0000-4000-8000-00000{id}"));
    found.has_all(Kind::ZonalShift, 200, shift);
    assert_eq!(asked(&gateway, "arc-zonal-shift", "ListZonalShifts"), 2, "in every state");
    let expected = json!({
        "resource_arn": balancer(0),
        "away_from": format!("{TOKYO}-az1"),
        "shift_type": "PRACTICE_RUN",
        "status": "EXPIRED",
        "practice_run_outcome": "SUCCEEDED",
        "start_time": "2026-01-02T03:07:24Z",
        "expiry_time": "2026-01-02T04:07:24Z",
    });
    assert_eq!(found.value(&shift(&id(199)), "/attributes"), &expected);
    assert_eq!(found.value(&shift(&id(100)), "/attributes/shift_type"), "ZONAL_SHIFT");
    assert_eq!(found.value(&shift(&id(100)), "/attributes/practice_run_outcome"), &Value::Null);
}

/// Plans are listed where they are written, and run where they are about, whichever Regions are scanned.
#[test]
fn runs_are_found_in_each_region_of_a_plan() {
    let size = Size { plans: 101, plan_executions: 101, ..Size::default() };
    let gateway = in_tokyo(Regional::default(), size).gateway();
    let found = Found::behind(&gateway, &[TOKYO], &[]);
    assert_eq!(missed(&found), []);

    // Every third is another account's.
    let plans: Vec<usize> = (0..101).filter(|number| number % 3 != 2).collect();
    assert_eq!(plans.len(), 68);
    assert_eq!(number_of(&found, Kind::RegionSwitchPlan), 68);
    let in_region = |region: &str, operation: &str| {
        gateway.count(service("arc-region-switch").region(region).operation(operation))
    };
    assert_eq!(in_region(VIRGINIA, "ListPlans"), 2);
    assert_eq!(asked(&gateway, "arc-region-switch", "ListPlans"), 2, "and nowhere else");
    assert_eq!(found.call("ListPlans", "global"), (Outcome::Collected, None, 101));
    let plan_attributes = |number: usize| {
        let is_odd = number % 2 == 1;
        json!({
            "recovery_approach": if is_odd { "activePassive" } else { "activeActive" },
            "primary_region": is_odd.then_some(TOKYO),
            "regions": [TOKYO, OREGON],
            "recovery_time_objective_minutes": number + 1,
            "evaluation_state": if is_odd { "actionRequired" } else { "passed" },
            "last_evaluation_time": "2026-01-02T03:04:05Z",
        })
    };
    for number in plans {
        assert_eq!(found.value(&plan(number), "/attributes"), &plan_attributes(number));
        assert_eq!(found.value(&plan(number), "/region"), "global");
    }

    assert_eq!(number_of(&found, Kind::PlanExecution), 68 * 2 * 101);
    for region in [TOKYO, OREGON] {
        assert_eq!(in_region(region, "ListPlanExecutions"), 68 * 2);
        for number in [0, 99, 100] {
            let arn = format!("{}/execution/{region}-{}", plan(99), id(number));
            assert_eq!(found.value(&arn, "/region"), "global");
            let expected = json!({
                "plan_arn": plan(99),
                "mode": if number % 2 == 1 { "ungraceful" } else { "graceful" },
                "execution_state": "completed",
                "execution_action": "activate",
                "execution_region": region,
                "start_time": "2026-01-02T03:04:05Z",
                "end_time": "2026-01-02T04:04:05Z",
                "actual_recovery_time": format!("PT{}M", number + 1),
            });
            assert_eq!(found.value(&arn, "/attributes"), &expected);
        }
    }
    assert_eq!(found.call("ListPlanExecutions", "global"), (Outcome::Collected, None, 68));

    // The first of the Regions in which the workload usually is not. Half of the plans have no such Region.
    assert_eq!(in_region(TOKYO, "GetPlanEvaluationStatus"), 34);
    assert_eq!(in_region(OREGON, "GetPlanEvaluationStatus"), 34);
}

#[test]
fn routing_controls_of_every_panel_come_out_complete() {
    let size = Size { clusters: 3, control_panels: 2, routing_controls: 1001, ..Size::default() };
    let gateway = in_tokyo(Regional::default(), size).gateway();
    let found = Found::behind(&gateway, &[TOKYO], &[]);
    assert_eq!(missed(&found), []);
    let made = gateway.requests(service("route53-recovery-control-config"));
    assert!(made.iter().all(|request| request.region == OREGON), "the only Region that answers");
    // The third cluster is another account's.
    assert_eq!(asked(&gateway, "route53-recovery-control-config", "ListControlPanels"), 2);
    assert_eq!(asked(&gateway, "route53-recovery-control-config", "ListRoutingControls"), 4 * 2);
    assert_eq!(found.call("ListClusters", "global"), (Outcome::Collected, None, 3));
    assert_eq!(found.call("ListControlPanels", "global"), (Outcome::Collected, None, 4));
    assert_eq!(found.call("ListRoutingControls", "global"), (Outcome::Collected, None, 4004));
    assert_eq!(number_of(&found, Kind::RoutingControl), 4 * 1001);
    for (cluster, panel, number) in [(0, 0, 0), (0, 1, 999), (1, 0, 1000), (1, 1, 1000)] {
        let arn = control(cluster, panel, number);
        let panel = arn.split("/routingcontrol/").next();
        assert_eq!(found.value(&arn, "/attributes/control_panel_arn"), &json!(panel));
        let status = if number % 2 == 1 { "PENDING_DELETION" } else { "DEPLOYED" };
        assert_eq!(found.value(&arn, "/attributes/status"), status);
        assert_eq!(found.value(&arn, "/name"), &json!(format!("control-{}", id(number))));
        assert_eq!(found.value(&arn, "/region"), "global");
    }
}

#[test]
fn applications_come_out_with_what_they_consist_of_and_what_was_promised() {
    let regional = Regional {
        apps: 101,
        app_assessments: 500,
        app_resources: 101,
        resiliency_policies: 200,
        ..Regional::default()
    };
    let gateway = in_tokyo(regional, Size::default()).gateway();
    let found = Found::behind(&gateway, &[TOKYO], &[]);
    assert_eq!(missed(&found), []);
    assert!(found.snapshot.resources.iter().all(|resource| resource.gaps.is_empty()));
    let asked = |operation: &str| asked(&gateway, "resiliencehub", operation);

    found.has_all(Kind::App, 101, |id| app(id.parse().unwrap()));
    // Every third was never published.
    assert_eq!((asked("ListApps"), asked("DescribeApp")), (2, 101));
    assert_eq!(asked("ListAppVersionResources"), 68 * 2 + 33);
    let parts = (0..101).filter_map(|number| match number % 5 {
        0 => Some(tokyo("sns", &format!("topic-{}", id(number)))),
        1 => Some(tokyo("rds", &format!("db:database-{}", id(number)))),
        // Without a place, of a type whose ARNs follow from no name, and excluded.
        _ => None,
    });
    let mut parts: Vec<String> = parts.collect();
    parts.sort_unstable();
    let published = json!({
        "policy_arn": policy(99),
        "compliance_status": "PolicyBreached",
        "drift_status": "Detected",
        "last_app_compliance_evaluation_time": "2026-01-03T03:04:05Z",
        "resources": parts,
    });
    assert_eq!(found.value(&app(99), "/attributes"), &published);
    assert_eq!(found.value(&app(99), "/tags/number"), "99");
    assert_eq!(found.value(&app(99), "/name"), "app-0000099");
    let unpublished = json!({
        "policy_arn": null,
        "compliance_status": "NotAssessed",
        "drift_status": "NotChecked",
        "last_app_compliance_evaluation_time": null,
        "resources": [],
    });
    assert_eq!(found.value(&app(98), "/attributes"), &unpublished);

    found.has_all(Kind::ResiliencyPolicy, 200, |id| policy(id.parse().unwrap()));
    assert_eq!(asked("ListResiliencyPolicies"), 2);
    let minute = json!({"rto_in_secs": 200, "rpo_in_secs": 0});
    let expected = json!({
        "tier": "MissionCritical",
        "policy": {
            "AZ": minute,
            "Hardware": minute,
            "Region": {"rto_in_secs": 3600, "rpo_in_secs": 200},
            "Software": minute,
        },
    });
    assert_eq!(found.value(&policy(199), "/attributes"), &expected);
    assert_eq!(found.value(&policy(100), "/attributes/tier"), "NonCritical");

    // Of five hundred, a third has not ended and is not asked for. The newest of each application is there.
    assert_eq!(asked("ListAppAssessments"), 4);
    let newest: Vec<usize> = (0..101)
        .map(|app| (0..500).rev().find(|number| number % 101 == app && number % 3 != 2).unwrap())
        .collect();
    assert_eq!(number_of(&found, Kind::AppAssessment), newest.len());
    for number in newest {
        let name = format!("app-assessment/0f0f0f0f-0000-4000-8000-00000{}", id(number));
        let arn = tokyo("resiliencehub", &name);
        assert_eq!(found.value(&arn, "/attributes/app_arn"), &json!(app(number % 101)));
        let status = if number.is_multiple_of(3) { "Success" } else { "Failed" };
        assert_eq!(found.value(&arn, "/attributes/assessment_status"), status);
        assert_eq!(found.value(&arn, "/attributes/compliance_status"), "PolicyBreached");
        assert!(found.value(&arn, "/attributes/end_time").as_str().unwrap().ends_with(":05:05Z"));
    }
}

/// One call for each service says that there is nothing, and nothing else is asked.
#[test]
fn where_nobody_uses_them_each_service_costs_a_call() {
    let gateway = in_tokyo(Regional::default(), Size::default()).gateway();
    let found = Found::behind(&gateway, &[TOKYO], &[]);
    let made = |name: &str| -> Vec<(String, String)> {
        let requests = gateway.requests(service(name)).into_iter();
        requests.map(|request| (request.operation, request.region)).collect()
    };
    let once = |operation: &str, region: &str| [(operation.to_owned(), region.to_owned())];
    assert_eq!(made("arc-zonal-shift"), once("ListManagedResources", TOKYO));
    assert_eq!(made("resiliencehub"), once("ListApps", TOKYO));
    assert_eq!(made("arc-region-switch"), once("ListPlans", VIRGINIA));
    assert_eq!(made("route53-recovery-control-config"), once("ListClusters", OREGON));
    // What was not asked is known all the same.
    for operation in [
        "ListManagedResources",
        "ListZonalShifts",
        "ListApps",
        "DescribeApp",
        "ListAppVersionResources",
        "ListResiliencyPolicies",
        "ListAppAssessments",
    ] {
        assert_eq!(found.call(operation, TOKYO), (Outcome::Collected, None, 0), "{operation}");
    }
    for operation in [
        "ListPlans",
        "ListPlanExecutions",
        "GetPlanEvaluationStatus",
        "ListClusters",
        "ListControlPanels",
        "ListRoutingControls",
    ] {
        assert_eq!(found.call(operation, "global"), (Outcome::Collected, None, 0), "{operation}");
    }
}

/// What is not said about an application or a plan is a gap of it, and what was listed of it is there.
#[test]
fn what_may_not_be_asked_is_a_gap_of_what_it_is_about() {
    let gateway = in_tokyo(Regional::each(1), few()).gateway();
    for operation in ["DescribeApp", "ListAppVersionResources"] {
        gateway.on(service("resiliencehub").operation(operation)).deny();
    }
    let switch = |operation: &str| service("arc-region-switch").operation(operation);
    gateway.on(switch("GetPlanEvaluationStatus")).error(403, "AccessDeniedException", "No");
    // One of the two Regions of each plan does not tell its runs.
    gateway.on(switch("ListPlanExecutions").region(OREGON)).error(403, "AccessDeniedException", "No");
    let found = Found::behind(&gateway, &[TOKYO], &[]);

    let denied = |operation| (operation, Outcome::Denied, Some("AccessDeniedException"));
    assert_eq!(
        found.gaps(&app(0)),
        [denied("resiliencehub:DescribeApp"), denied("resiliencehub:ListAppVersionResources")]
    );
    assert_eq!(found.value(&app(0), "/attributes/policy_arn"), &Value::Null);
    assert_eq!(found.value(&app(0), "/attributes/resources"), &Value::Null);
    assert_eq!(found.value(&app(0), "/attributes/compliance_status"), "NotAssessed", "that was in the list");
    assert_eq!(found.call("DescribeApp", TOKYO), (Outcome::Denied, Some("AccessDeniedException"), 0));

    assert_eq!(
        found.gaps(&plan(1)),
        [denied("arc-region-switch:ListPlanExecutions"), denied("arc-region-switch:GetPlanEvaluationStatus")]
    );
    assert_eq!(found.value(&plan(1), "/attributes/evaluation_state"), &Value::Null);
    assert_eq!(found.value(&plan(1), "/attributes/primary_region"), TOKYO, "that was in the list");
    let run = format!("{}/execution/{TOKYO}-0000000", plan(1));
    assert_eq!(found.value(&run, "/attributes/execution_state"), "completed", "the other Region tells");
    assert_eq!(number_of(&found, Kind::PlanExecution), 2);
    let call = found.call("GetPlanEvaluationStatus", "global");
    assert_eq!(call, (Outcome::Denied, Some("AccessDeniedException"), 0));
}

/// What cannot be listed may be anything, so that what would be asked about it is not known either.
#[test]
fn what_cannot_be_listed_is_not_nothing() {
    let gateway = in_tokyo(Regional::each(1), few()).gateway();
    for (name, operation) in [
        ("arc-zonal-shift", "ListManagedResources"),
        ("resiliencehub", "ListApps"),
        ("route53-recovery-control-config", "ListControlPanels"),
    ] {
        gateway.on(service(name).operation(operation)).deny();
    }
    let plans = service("arc-region-switch").operation("ListPlans");
    gateway.on(plans).error(403, "AccessDeniedException", "No");
    let found = Found::behind(&gateway, &[TOKYO], &[]);
    let denied = (Outcome::Denied, Some("AccessDeniedException"), 0);
    let skipped = (Outcome::Skipped, Some("IncompleteListing"), 0);
    let expected = [
        (TOKYO, "ListManagedResources", denied),
        (TOKYO, "ListZonalShifts", skipped),
        (TOKYO, "ListApps", denied),
        (TOKYO, "DescribeApp", skipped),
        (TOKYO, "ListAppVersionResources", skipped),
        (TOKYO, "ListResiliencyPolicies", skipped),
        (TOKYO, "ListAppAssessments", skipped),
        ("global", "ListPlans", denied),
        ("global", "ListPlanExecutions", skipped),
        ("global", "GetPlanEvaluationStatus", skipped),
        ("global", "ListClusters", (Outcome::Collected, None, 1)),
        ("global", "ListControlPanels", denied),
        ("global", "ListRoutingControls", skipped),
    ];
    for (region, operation, outcome) in expected {
        assert_eq!(found.call(operation, region), outcome, "{operation}");
    }
}

/// A panel has no place in the snapshot where the refusal of its list would be a gap, so that the list has failed.
#[test]
fn one_panel_that_cannot_be_listed_is_not_hidden_by_the_others() {
    let size = Size { clusters: 1, control_panels: 3, routing_controls: 1, ..Size::default() };
    let gateway = in_tokyo(Regional::default(), size).gateway();
    let list = service("route53-recovery-control-config").operation("ListRoutingControls");
    gateway.on(list).times(1).deny();
    let found = Found::behind(&gateway, &[TOKYO], &[]);
    let call = found.call("ListRoutingControls", "global");
    assert_eq!(call, (Outcome::Denied, Some("AccessDeniedException"), 2));
    assert_eq!(number_of(&found, Kind::RoutingControl), 2);
}

/// Applications are deleted between the list and the calls about them; plans may be so new that a Region does not know
/// them yet.
#[test]
fn what_is_gone_is_told_from_what_is_not_there_yet() {
    let gateway = in_tokyo(Regional::each(1), few()).gateway();
    let gone = "ResourceNotFoundException";
    gateway.on(service("resiliencehub").operation("DescribeApp")).error(404, gone, "It is gone");
    let control = service("route53-recovery-control-config").operation("ListRoutingControls");
    gateway.on(control).error(404, gone, "It is gone");
    let executions = service("arc-region-switch").operation("ListPlanExecutions").region(TOKYO);
    gateway.on(executions).error(404, gone, "It is not there");
    let found = Found::behind(&gateway, &[TOKYO], &[]);
    assert_eq!(missed(&found), [("arc-region-switch", "ListPlanExecutions", Outcome::Failed)]);
    assert_eq!((number_of(&found, Kind::App), number_of(&found, Kind::RoutingControl)), (0, 0));
    let gap = ("arc-region-switch:ListPlanExecutions", Outcome::Failed, Some(gone));
    assert_eq!(found.gaps(&plan(0)), [gap]);
}

/// Comments, descriptions, messages and roles are nobody's business.
#[test]
fn what_people_write_about_drills_does_not_enter() {
    let gateway = in_tokyo(Regional::each(3), few()).gateway();
    let found = Found::behind(&gateway, &[TOKYO], &[]);
    let written = serde_json::to_string(&found.snapshot).unwrap();
    for text in ["nobody's business", ":role/"] {
        assert!(!written.contains(text), "{text}");
    }
}
