//! Recoveries that people and programs began, as CloudTrail remembers them.
//!
//! It answers two calls a second in each Region, and a call is about the events of one name. So only those names are
//! asked for whose kind of resource the scan has found there; what lists its own runs (Region switch, fault injection,
//! Elastic Disaster Recovery, AWS Backup) is not asked for at all.

use std::collections::BTreeSet;
use std::sync::Arc;

use aws_sdk_cloudtrail::types::{Event, LookupAttribute, LookupAttributeKey};
use serde_json::Value;

use super::identity::Account;
use super::ledger::operation;
use super::scan::Scan;
use super::{Place, at_once, instant, regions, text};
use crate::snapshot::cloudtrail::TrailEvent;
use crate::snapshot::operation::Operation;
use crate::snapshot::{Attributes, Kind, Outcome, Resource};

const LOOKUP_EVENTS: &Operation = operation("cloudtrail", "LookupEvents");

/// Events in a page: the most that the API allows.
const PAGE: i32 = 50;

/// Calls about databases.
const OF_DATABASES: [&str; 11] = [
    "FailoverDBCluster",
    "FailoverGlobalCluster",
    "PromoteReadReplica",
    "PromoteReadReplicaDBCluster",
    "RebootDBInstance",
    "RestoreDBClusterFromSnapshot",
    "RestoreDBClusterToPointInTime",
    "RestoreDBInstanceFromDBSnapshot",
    "RestoreDBInstanceToPointInTime",
    "SwitchoverGlobalCluster",
    "SwitchoverReadReplica",
];

/// Calls about tables.
const OF_TABLES: [&str; 2] = ["RestoreTableFromBackup", "RestoreTableToPointInTime"];

/// Calls about health checks, which only the Region of Route 53 remembers.
const OF_HEALTH_CHECKS: [&str; 1] = ["UpdateHealthCheck"];

/// Calls about routing controls.
const OF_ROUTING_CONTROLS: [&str; 2] = ["UpdateRoutingControlState", "UpdateRoutingControlStates"];

/// Where the endpoints of each cluster of routing controls are, each of which remembers the calls that it answered.
const OF_CLUSTERS: [&str; 5] = ["ap-northeast-1", "ap-southeast-2", "eu-west-1", "us-east-1", "us-west-2"];

/// Collects the events of all Regions in which something was found that could have been recovered.
pub(super) async fn collect(
    scan: &Arc<Scan>,
    account: &Account,
    enabled: &BTreeSet<String>,
    found: &[Resource],
) -> Vec<Resource> {
    let in_regions = enabled.iter().map(|region| {
        let (scan, place) = (Arc::clone(scan), Place::new(account, region));
        let names = names(region, &account.partition, found);
        async move { in_region(&scan, &place, names).await }
    });
    at_once(in_regions).await.into_iter().flatten().collect()
}

/// Names to ask for in a Region.
fn names(region: &str, partition: &str, found: &[Resource]) -> Vec<&'static str> {
    let (mut databases, mut tables, mut checks, mut controls) = (false, false, false, false);
    for resource in found {
        let is_here = resource.region == region;
        match resource.kind {
            Kind::DbInstance | Kind::DbCluster => databases |= is_here,
            Kind::Table => tables |= is_here,
            Kind::HealthCheck => checks |= region == regions::of_global(partition),
            Kind::RoutingControl => controls |= OF_CLUSTERS.contains(&region),
            _ => {}
        }
    }
    let asked: [(bool, &[&'static str]); 4] = [
        (databases, &OF_DATABASES),
        (tables, &OF_TABLES),
        (checks, &OF_HEALTH_CHECKS),
        (controls, &OF_ROUTING_CONTROLS),
    ];
    asked.into_iter().filter(|(is_asked, _)| *is_asked).flat_map(|(_, names)| names).copied().collect()
}

/// The events of a Region. After a refusal the other names are not asked for: it would be the same.
async fn in_region(scan: &Scan, place: &Place, names: Vec<&'static str>) -> Vec<Resource> {
    let (client, lane) = scan.session.cloudtrail(&place.region);
    scan.ledger.plan(names.len());
    let mut events = Vec::new();
    let mut failure = None;
    for name in names {
        if failure.is_none() {
            let attribute = LookupAttribute::builder()
                .attribute_key(LookupAttributeKey::EventName)
                .attribute_value(name)
                .build();
            let attributes = attribute.ok().into_iter().collect::<Vec<_>>();
            let listing = scan
                .pages(
                    &lane,
                    |marker| {
                        client
                            .lookup_events()
                            .set_lookup_attributes(Some(attributes.clone()))
                            .max_results(PAGE)
                            .set_next_token(marker)
                            .send()
                    },
                    |page| (page.next_token, page.events),
                )
                .await;
            events.extend(listing.items.into_iter().filter_map(|listed| event(place, listed)));
            failure = listing.failure;
        }
        let outcome = failure.as_ref().map_or(Outcome::Collected, |failure| failure.outcome);
        scan.ledger.finish(LOOKUP_EVENTS, &place.region, outcome);
    }
    scan.ledger.enter(LOOKUP_EVENTS, &place.region, events.len(), failure.as_ref());
    events
}

/// An event, unless the call was refused or did something else under the same name.
fn event(place: &Place, event: Event) -> Option<Resource> {
    let id = text(event.event_id)?;
    let name = text(event.event_name)?;
    let body: Value = serde_json::from_str(event.cloud_trail_event.as_deref()?).ok()?;
    if body.get("errorCode").is_some_and(|code| !code.is_null()) {
        return None;
    }
    let parameters = Parameters(body.get("requestParameters")?);
    let is_recovery = match name.as_str() {
        "RebootDBInstance" => parameters.is("forceFailover"),
        // A check that is inverted or disabled on purpose moves the traffic.
        "UpdateHealthCheck" => parameters.is("inverted") || parameters.is("disabled"),
        _ => true,
    };
    if !is_recovery {
        return None;
    }
    let attributes = TrailEvent {
        event_source: text(event.event_source),
        event_time: instant(event.event_time),
        resources: parameters.resources(place),
        event_name: name.clone(),
    };
    let arn = place.arn("cloudtrail", &format!("event/{id}"));
    Some(place.resource(Kind::TrailEvent, arn, name, Attributes::TrailEvent(Box::new(attributes))))
}

/// What a call was about. Services write the first letter in either case.
struct Parameters<'a>(&'a Value);

impl Parameters<'_> {
    fn get(&self, name: &str) -> Option<&Value> {
        self.0.as_object()?.iter().find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value)
    }

    fn is(&self, name: &str) -> bool {
        self.get(name).is_some_and(|value| value.as_bool() == Some(true) || value.as_str() == Some("true"))
    }

    /// ARNs of what the call was about. A restore is about its source: what it makes is thrown away after the test.
    fn resources(&self, place: &Place) -> Vec<String> {
        let named = [
            ("dBInstanceIdentifier", "rds", "db:"),
            ("sourceDBInstanceIdentifier", "rds", "db:"),
            ("dBClusterIdentifier", "rds", "cluster:"),
            ("sourceDBClusterIdentifier", "rds", "cluster:"),
            ("targetDbClusterIdentifier", "rds", "cluster:"),
            ("dBSnapshotIdentifier", "rds", "snapshot:"),
            ("snapshotIdentifier", "rds", "cluster-snapshot:"),
            ("sourceTableName", "dynamodb", "table/"),
            ("sourceTableArn", "dynamodb", "table/"),
        ];
        let is_restore = self.get("sourceDBClusterIdentifier").is_some()
            || self.get("snapshotIdentifier").is_some()
            || self.get("dBSnapshotIdentifier").is_some();
        let found = named.into_iter().filter_map(|(parameter, service, kind)| {
            // Beside a source these name what is made.
            let is_made = is_restore && matches!(parameter, "dBInstanceIdentifier" | "dBClusterIdentifier");
            let name = self.get(parameter)?.as_str().filter(|name| !name.is_empty() && !is_made)?;
            Some(if name.starts_with("arn:") {
                name.to_owned()
            } else {
                place.arn(service, &format!("{kind}{name}"))
            })
        });
        let partition = &place.account.partition;
        let check = self.get("healthCheckId").and_then(Value::as_str);
        let check = check.map(|id| format!("arn:{partition}:route53:::healthcheck/{id}"));
        let global = self.get("globalClusterIdentifier").and_then(Value::as_str);
        let account = &place.account.id;
        let global = global.map(|name| format!("arn:{partition}:rds::{account}:global-cluster:{name}"));
        let entries = self.get("updateRoutingControlStateEntries").and_then(Value::as_array);
        let entries = entries.into_iter().flatten().map(Parameters);
        let controls = entries
            .chain([Parameters(self.0)])
            .filter_map(|entry| entry.get("routingControlArn").and_then(Value::as_str).map(str::to_owned));
        super::sorted(found.chain(check).chain(global).chain(controls))
    }
}

#[cfg(test)]
mod tests {
    use aws_sdk_cloudtrail::types::Event;
    use serde_json::{Value, json};

    use super::super::Place;
    use super::super::identity::Account;
    use super::event;
    use crate::snapshot::Attributes;

    /// What is made of a call with these parameters.
    fn resources(name: &str, parameters: Value) -> Option<Vec<String>> {
        let account = Account { partition: "aws".to_owned(), id: "123456789012".to_owned() };
        let body = json!({"requestParameters": parameters}).to_string();
        let listed = Event::builder().event_id("e-1").event_name(name).cloud_trail_event(body).build();
        let resource = event(&Place::new(&account, "eu-west-1"), listed)?;
        match resource.attributes {
            Attributes::TrailEvent(event) => Some(event.resources),
            other => panic!("{other:?}"),
        }
    }

    fn arn(resource: &str) -> String {
        format!("arn:aws:rds:eu-west-1:123456789012:{resource}")
    }

    #[test]
    fn a_reboot_is_a_recovery_only_with_a_failover() {
        let with = json!({"dBInstanceIdentifier": "orders", "forceFailover": true});
        assert_eq!(resources("RebootDBInstance", with), Some(vec![arn("db:orders")]));
        assert_eq!(resources("RebootDBInstance", json!({"dBInstanceIdentifier": "orders"})), None);
    }

    #[test]
    fn a_restore_is_about_what_it_restores() {
        let in_time =
            json!({"sourceDBInstanceIdentifier": "orders", "targetDBInstanceIdentifier": "orders-test"});
        assert_eq!(resources("RestoreDBInstanceToPointInTime", in_time), Some(vec![arn("db:orders")]));
        let cluster = json!({"sourceDBClusterIdentifier": "orders", "dBClusterIdentifier": "orders-test"});
        assert_eq!(resources("RestoreDBClusterToPointInTime", cluster), Some(vec![arn("cluster:orders")]));
        let from = json!({"dBSnapshotIdentifier": "daily", "dBInstanceIdentifier": "orders-test"});
        assert_eq!(resources("RestoreDBInstanceFromDBSnapshot", from), Some(vec![arn("snapshot:daily")]));
        let table = json!({"sourceTableArn": "arn:aws:dynamodb:eu-west-1:123456789012:table/orders"});
        let expected = vec!["arn:aws:dynamodb:eu-west-1:123456789012:table/orders".to_owned()];
        assert_eq!(resources("RestoreTableToPointInTime", table), Some(expected));
    }

    #[test]
    fn routing_controls_are_named_one_by_one_or_together() {
        let control = "arn:aws:route53-recovery-control::123456789012:controlpanel/p/routingcontrol/r";
        let one = json!({"routingControlArn": control, "routingControlState": "Off"});
        let several = json!({"updateRoutingControlStateEntries": [{"routingControlArn": control}]});
        for parameters in [one, several] {
            assert_eq!(resources("UpdateRoutingControlState", parameters), Some(vec![control.to_owned()]));
        }
    }

    #[test]
    fn a_call_that_failed_did_nothing() {
        let account = Account { partition: "aws".to_owned(), id: "123456789012".to_owned() };
        let body = r#"{"errorCode":"AccessDenied","requestParameters":{"dBClusterIdentifier":"orders"}}"#;
        let listed =
            Event::builder().event_id("e-1").event_name("FailoverDBCluster").cloud_trail_event(body).build();
        assert_eq!(event(&Place::new(&account, "eu-west-1"), listed), None);
    }
}
