//! Recoveries that people and programs began, as CloudTrail remembers them.
//!
//! It answers two calls a second in each Region, and a call is about the events of one name. So only those names are
//! asked for whose kind of resource the scan has found there; what lists its own runs (Region switch, fault injection,
//! Elastic Disaster Recovery, AWS Backup) is not asked for at all.

use aws_sdk_cloudtrail::types::{Event, LookupAttribute, LookupAttributeKey};
use serde_json::Value;

use super::answer::Failure;
use super::identity::Account;
use super::ledger::operation;
use super::scan::{Listing, Scan};
use super::{Place, instant, regions, text};
use crate::snapshot::cloudtrail::TrailEvent;
use crate::snapshot::operation::Operation;
use crate::snapshot::{Attributes, GLOBAL, Kind, Resource};

/// Events in a page: the most that the API allows.
const PAGE: i32 = 50;

/// What a Region is asked about, and by what listings it is known whether there is any of it.
pub(super) struct About {
    /// How the entry is called.
    operation: &'static Operation,
    /// Names of the calls that recover such things.
    names: &'static [&'static str],
    /// What lists such things.
    listings: &'static [&'static Operation],
}

/// Databases.
pub(super) const DATABASES: About = About {
    operation: operation("cloudtrail", "LookupDatabaseEvents"),
    names: &[
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
    ],
    listings: &[operation("rds", "DescribeDBInstances"), operation("rds", "DescribeDBClusters")],
};

/// Tables.
pub(super) const TABLES: About = About {
    operation: operation("cloudtrail", "LookupTableEvents"),
    names: &["RestoreTableFromBackup", "RestoreTableToPointInTime"],
    listings: &[operation("dynamodb", "ListTables")],
};

/// Health checks, about which only the Region of Route 53 remembers calls.
const HEALTH_CHECKS: About = About {
    operation: operation("cloudtrail", "LookupHealthCheckEvents"),
    names: &["UpdateHealthCheck"],
    listings: &[operation("route53", "ListHealthChecks")],
};

/// Routing controls.
const ROUTING_CONTROLS: About = About {
    operation: operation("cloudtrail", "LookupRoutingControlEvents"),
    names: &["UpdateRoutingControlState", "UpdateRoutingControlStates"],
    listings: &[
        operation("route53-recovery-control-config", "ListClusters"),
        operation("route53-recovery-control-config", "ListControlPanels"),
        operation("route53-recovery-control-config", "ListRoutingControls"),
    ],
};

/// Where the endpoints of each cluster of routing controls are, each of which remembers the calls that it answered.
const OF_CLUSTERS: [&str; 5] = ["ap-northeast-1", "ap-southeast-2", "eu-west-1", "us-east-1", "us-west-2"];

/// Collects the events about such things in a Region, if there is any.
pub(super) async fn in_region(scan: &Scan, place: &Place, about: &About, is_there: bool) -> Vec<Resource> {
    collect(scan, &place.region, std::slice::from_ref(place), about, is_there).await
}

/// Collects the events about health checks, which are in no Region.
pub(super) async fn about_health_checks(scan: &Scan, account: &Account, found: &[Resource]) -> Vec<Resource> {
    let place = Place::new(account, regions::of_global(&account.partition));
    let is_there = found.iter().any(|resource| resource.kind == Kind::HealthCheck);
    collect(scan, GLOBAL, &[place], &HEALTH_CHECKS, is_there).await
}

/// Collects the events about routing controls.
pub(super) async fn about_routing_controls(
    scan: &Scan,
    account: &Account,
    found: &[Resource],
) -> Vec<Resource> {
    let places = OF_CLUSTERS.map(|region| Place::new(account, region));
    collect(scan, GLOBAL, &places, &ROUTING_CONTROLS, !found.is_empty()).await
}

/// Asks some Regions for each name, and makes one entry. After a refusal the other names are not asked for: it would be
/// the same.
async fn collect(
    scan: &Scan,
    region: &str,
    places: &[Place],
    about: &About,
    is_there: bool,
) -> Vec<Resource> {
    if !is_there {
        let cut_short = scan.ledger.is_cut_short(about.listings, region);
        let skipped = cut_short.then(Failure::incomplete_listing);
        scan.ledger.enter(about.operation, region, 0, skipped.as_ref());
        return Vec::new();
    }
    scan.ledger.plan(places.len() * about.names.len());
    let mut events = Vec::new();
    let mut failure = None;
    for place in places {
        for name in about.names {
            if failure.is_none() {
                let listing = lookup(scan, place, name).await;
                events.extend(listing.items.into_iter().filter_map(|listed| event(place, listed)));
                failure = listing.failure;
            }
            scan.ledger.finish(about.operation, region, failure.as_ref());
        }
    }
    scan.ledger.enter(about.operation, region, events.len(), failure.as_ref());
    events
}

/// The events of one name, on all pages.
async fn lookup(scan: &Scan, place: &Place, name: &str) -> Listing<Event> {
    let (client, lane) = scan.session.cloudtrail(&place.region);
    let attribute =
        LookupAttribute::builder().attribute_key(LookupAttributeKey::EventName).attribute_value(name).build();
    let attributes: Vec<LookupAttribute> = attribute.into_iter().collect();
    scan.pages(
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
    .await
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
