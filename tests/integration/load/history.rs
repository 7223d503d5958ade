//! What was done to the resources of an account and what was measured of them: asked for only where there is something
//! that it could be about.

use hadr_scan::snapshot::{Kind, Outcome};
use serde_json::json;

use super::{Found, in_tokyo, tokyo};
use crate::support::gateway::{Match, rds, service};
use crate::support::seed::TOKYO;
use crate::support::stub::{ACCOUNT, Regional, Size, Stub, id};

fn lookups() -> Match {
    service("cloudtrail").operation("LookupEvents")
}

fn measurements() -> Match {
    service("monitoring").operation("GetMetricData")
}

/// The metric of a resource.
fn metric(namespace: &str, name: &str, resource: &str) -> String {
    tokyo("cloudwatch", &format!("metric/{namespace}/{name}/{resource}"))
}

/// Of two pages of failovers, those that were not refused.
#[test]
fn failovers_that_somebody_asked_for_are_events() {
    let gateway =
        in_tokyo(Regional { databases: 1, failovers: 51, ..Regional::default() }, Size::default()).gateway();
    let found = Found::behind(&gateway, &[TOKYO], &[]);
    assert_eq!(found.missed(), []);
    assert_eq!(found.call("LookupDatabaseEvents", TOKYO), (Outcome::Collected, None, 26));
    let event = |number| tokyo("cloudtrail", &format!("event/0f0f0f0f-0000-4000-8000-00000{}", id(number)));
    for number in [0, 48, 50] {
        assert_eq!(found.value(&event(number), "/attributes/event_name"), "FailoverDBCluster");
        assert_eq!(found.value(&event(number), "/attributes/event_time"), "2026-01-02T03:04:05Z");
        let cluster = tokyo("rds", &format!("cluster:cluster-{}", id(number)));
        assert_eq!(found.value(&event(number), "/attributes/resources"), &json!([cluster]));
    }
    assert!(!found.by_arn.contains_key(&event(1)), "it was refused");
    let everything = serde_json::to_string(&found.by_arn).unwrap();
    assert!(!everything.contains("ada"), "who asked for it is nobody's business");
}

/// Eleven names are about databases and two about tables; a page more is one call more.
#[test]
fn events_are_asked_for_by_what_is_there() {
    let asked = |regional| {
        let gateway = in_tokyo(regional, Size::default()).gateway();
        let found = Found::behind(&gateway, &[TOKYO], &[]);
        assert_eq!(found.missed(), []);
        gateway.count(lookups())
    };
    assert_eq!(asked(Regional::default()), 0);
    assert_eq!(asked(Regional { volumes: 3, ..Regional::default() }), 0);
    assert_eq!(asked(Regional { tables: 1, ..Regional::default() }), 2);
    assert_eq!(asked(Regional { clusters: 1, failovers: 51, ..Regional::default() }), 12);
}

#[test]
fn health_checks_are_asked_about_in_the_region_of_route_53() {
    let regions = vec![(TOKYO, Regional::default()), ("us-east-1", Regional::default())];
    let gateway = Stub::new(Size { regions, health_checks: 1, ..Size::default() }).gateway();
    let found = Found::behind(&gateway, &[TOKYO, "us-east-1"], &[]);
    assert_eq!(found.missed(), []);
    assert_eq!(gateway.count(lookups()), gateway.count(lookups().region("us-east-1")));
    assert_eq!(gateway.count(lookups()), 1);
    assert_eq!(gateway.count(measurements().region("us-east-1")), 2, "two pages");
    assert_eq!(gateway.count(measurements()), 2);
    let check = format!("arn:aws:route53:::healthcheck/0f0f0f0f-0000-4000-8000-00000{}", id(0));
    let measured = found.snapshot.resources.iter().find(|resource| resource.kind == Kind::Metric).unwrap();
    assert_eq!(found.value(&measured.arn, "/attributes/resource_arn"), &json!(check));
    assert_eq!(measured.region, "global");
}

/// What was refused for one name would be for the others.
#[test]
fn after_a_refusal_no_more_events_are_asked_for() {
    let gateway =
        in_tokyo(Regional { databases: 1, tables: 1, ..Regional::default() }, Size::default()).gateway();
    gateway.on(lookups()).deny();
    let found = Found::behind(&gateway, &[TOKYO], &[]);
    for operation in ["LookupDatabaseEvents", "LookupTableEvents"] {
        let denied = (Outcome::Denied, Some("AccessDeniedException"), 0);
        assert_eq!(found.call(operation, TOKYO), denied, "{operation}");
    }
    assert_eq!(gateway.count(lookups()), 2, "once about databases and once about tables");
}

#[test]
fn the_samples_of_all_pages_are_one_value() {
    let gateway =
        in_tokyo(Regional { databases: 501, automations: 1, ..Regional::default() }, Size::default())
            .gateway();
    let found = Found::behind(&gateway, &[TOKYO], &[]);
    assert_eq!(found.missed(), []);
    // Two calls about the databases and one about the function, whose window is longer; each has two pages.
    assert_eq!(gateway.count(measurements()), 2 * 3);
    assert_eq!(found.call("GetDatabaseMetricData", TOKYO), (Outcome::Collected, None, 501));
    assert_eq!(found.call("GetFunctionMetricData", TOKYO), (Outcome::Collected, None, 2));
    for number in [0, 499, 500] {
        let database = tokyo("rds", &format!("db:database-{}", id(number)));
        let space = metric("AWS/RDS", "FreeStorageSpace", &database);
        assert_eq!(found.value(&space, "/attributes/resource_arn"), &json!(database));
        assert_eq!(found.value(&space, "/attributes/value"), 1.0, "the least of them");
        assert_eq!(found.value(&space, "/attributes/samples"), 3);
    }
    let function = tokyo("lambda", &format!("function:recover-{}", id(0)));
    assert_eq!(found.value(&function, "/tags"), &json!({"hadr:automation": "0"}));
    let errors = metric("AWS/Lambda", "Errors", &function);
    assert_eq!(found.value(&errors, "/attributes/value"), 7.0, "the sum of them");
    assert_eq!(
        found.value(&errors, "/attributes/dimensions"),
        &json!({"FunctionName": format!("recover-{}", id(0))})
    );
}

#[test]
fn metrics_that_are_refused_are_not_there() {
    let gateway = in_tokyo(Regional { databases: 1, ..Regional::default() }, Size::default()).gateway();
    gateway.on(measurements()).deny();
    let found = Found::behind(&gateway, &[TOKYO], &[]);
    assert_eq!(found.call("GetDatabaseMetricData", TOKYO), (Outcome::Denied, Some("AccessDenied"), 0));
    assert!(!found.snapshot.resources.iter().any(|resource| resource.kind == Kind::Metric));
}

#[test]
fn parameters_are_read_of_global_databases_only() {
    let regional = Regional { clusters: 3, global_clusters: 2, ..Regional::default() };
    let gateway = in_tokyo(regional, Size::default()).gateway();
    gateway.on(rds("DescribeDBClusterParameters")).times(1).deny();
    let found = Found::behind(&gateway, &[TOKYO], &[]);
    assert_eq!(gateway.count(rds("DescribeDBClusterParameters")), 2);
    let groups: Vec<_> =
        (0..2).map(|number| tokyo("rds", &format!("cluster-pg:parameters-{}", id(number)))).collect();
    let (refused, read): (Vec<usize>, Vec<usize>) =
        (0..2).partition(|number| !found.gaps(&groups[*number]).is_empty());
    let ([refused], [read]) = (refused.as_slice(), read.as_slice()) else { panic!("{refused:?} {read:?}") };
    assert_eq!(
        found.value(&groups[*read], "/attributes/parameters"),
        &json!({"rds.global_db_rpo": (read + 1).to_string()})
    );
    assert_eq!(found.value(&groups[*refused], "/attributes/parameters"), &json!(null));
    let denied = [("rds:DescribeDBClusterParameters", Outcome::Denied, Some("AccessDenied"))];
    assert_eq!(found.gaps(&groups[*refused]), denied);
    assert_eq!(found.call("DescribeDBClusterParameters", TOKYO), (Outcome::Collected, None, 1));
}

#[test]
fn what_happened_to_databases_comes_with_its_source() {
    let gateway =
        in_tokyo(Regional { database_events: 101, ..Regional::default() }, Size::default()).gateway();
    let found = Found::behind(&gateway, &[TOKYO], &[]);
    assert_eq!(gateway.count(rds("DescribeEvents")), 2);
    let happened = "2026-01-02T03:04:05Z/Multi-AZ instance failover completed";
    for number in [0, 99, 100] {
        let database = format!("database-{}", id(number));
        let event = format!("arn:aws:rds:{TOKYO}:{ACCOUNT}:event:{database}/{happened}");
        assert_eq!(found.value(&event, "/attributes/event_categories"), &json!(["failover"]));
        let source = tokyo("rds", &format!("db:{database}"));
        assert_eq!(found.value(&event, "/attributes/source_arn"), &json!(source));
    }
}

/// Where the databases cannot be listed, nobody knows what there is to ask about.
#[test]
fn what_was_not_listed_is_not_asked_about() {
    let gateway = in_tokyo(Regional { tables: 1, ..Regional::default() }, Size::default()).gateway();
    gateway.on(rds("DescribeDBInstances")).deny();
    let found = Found::behind(&gateway, &[TOKYO], &[]);
    for operation in ["LookupDatabaseEvents", "GetDatabaseMetricData"] {
        let skipped = (Outcome::Skipped, Some("IncompleteListing"), 0);
        assert_eq!(found.call(operation, TOKYO), skipped, "{operation}");
    }
    assert_eq!(found.call("LookupTableEvents", TOKYO), (Outcome::Collected, None, 0));
}
