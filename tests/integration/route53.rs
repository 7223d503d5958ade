//! The collector of Route 53, on moto and on answers that moto cannot give.

use aws_sdk_route53::types;
use hadr_scan::snapshot::route53::{HealthCheck, RecordSet, RoutingPolicy};
use hadr_scan::snapshot::{Attributes, Kind, Outcome, Snapshot};

use crate::support::account::Account;
use crate::support::block_on;
use crate::support::cloud::Cloud;
use crate::support::gateway::{Reply, route53, tagging};
use crate::support::program::Program;
use crate::support::seed::TOKYO;
use crate::support::wire::Request;

const XML: &str = "https://route53.amazonaws.com/doc/2013-04-01/";

fn client(account: &Account) -> aws_sdk_route53::Client {
    aws_sdk_route53::Client::new(&account.sdk_config("us-east-1"))
}

/// Makes a public zone and gives its id.
async fn zone(account: &Account, name: &str) -> String {
    let answer = client(account).create_hosted_zone().name(name).caller_reference(name).send().await.unwrap();
    answer.hosted_zone.unwrap().id
}

async fn change(account: &Account, zone: &str, sets: Vec<types::ResourceRecordSet>) {
    let changes = sets.into_iter().map(|set| {
        let change = types::Change::builder().action(types::ChangeAction::Create).resource_record_set(set);
        change.build().unwrap()
    });
    let batch = types::ChangeBatch::builder().set_changes(Some(changes.collect())).build().unwrap();
    client(account)
        .change_resource_record_sets()
        .hosted_zone_id(zone)
        .change_batch(batch)
        .send()
        .await
        .unwrap();
}

fn address(name: &str) -> types::builders::ResourceRecordSetBuilder {
    let value = types::ResourceRecord::builder().value("192.0.2.1").build().unwrap();
    types::ResourceRecordSet::builder().name(name).r#type(types::RrType::A).ttl(60).resource_records(value)
}

fn records(snapshot: &Snapshot) -> Vec<(&str, &RecordSet)> {
    snapshot
        .resources
        .iter()
        .filter_map(|resource| match &resource.attributes {
            Attributes::RecordSet(record) => Some((resource.name.as_str(), &**record)),
            _ => None,
        })
        .collect()
}

fn outcome(snapshot: &Snapshot, operation: &str) -> (Outcome, Option<String>, u64) {
    let call = snapshot.coverage.iter().find(|call| call.operation == operation && call.region == "global");
    let call = call.unwrap_or_else(|| panic!("{operation} is not in the coverage"));
    (call.outcome, call.code.clone(), call.items)
}

#[test]
fn zones_records_and_health_checks_are_collected() {
    let cloud = Cloud::new();
    block_on(async {
        let zone = zone(&cloud.account, "example.com").await;
        // A zone with nothing of its own is not asked for its records.
        self::zone(&cloud.account, "empty.example").await;
        let config = types::HealthCheckConfig::builder()
            .r#type(types::HealthCheckType::Https)
            .fully_qualified_domain_name("lb.example.com")
            .port(443)
            .request_interval(10)
            .failure_threshold(3);
        let check = client(&cloud.account)
            .create_health_check()
            .caller_reference("one")
            .health_check_config(config.build().unwrap())
            .send()
            .await
            .unwrap();
        let id = check.health_check.unwrap().id;
        let primary = address("www.example.com")
            .set_identifier("Primary")
            .failover(types::ResourceRecordSetFailover::Primary)
            .health_check_id(id)
            .build();
        let alias = types::AliasTarget::builder()
            .dns_name("dualstack.orders-1.eu-west-1.elb.amazonaws.com")
            .hosted_zone_id("Z32O12XQLNTSW2")
            .evaluate_target_health(true);
        let alias = types::ResourceRecordSet::builder()
            .name("www.example.com")
            .r#type(types::RrType::A)
            .set_identifier("Secondary")
            .failover(types::ResourceRecordSetFailover::Secondary)
            .alias_target(alias.build().unwrap())
            .build();
        change(&cloud.account, &zone, vec![primary.unwrap(), alias.unwrap()]).await;
    });
    cloud.gateway.clear_log();
    let snapshot = Program::on(&cloud.account).collect(&[TOKYO]);

    let found = records(&snapshot);
    assert_eq!(found.len(), 2, "neither name servers nor the authority");
    let (name, primary) = found[0];
    assert_eq!((name, primary.routing_policy), ("www.example.com", RoutingPolicy::Failover));
    assert_eq!((primary.ttl, primary.values.as_slice()), (Some(60), &["192.0.2.1".to_owned()][..]));
    let check = snapshot.resources.iter().find(|resource| resource.kind == Kind::HealthCheck).unwrap();
    assert_eq!(primary.health_check.as_ref(), Some(&check.arn));
    assert_eq!(check.region, "global");
    let Attributes::HealthCheck(settings) = &check.attributes else { panic!("a check has its settings") };
    let HealthCheck { request_interval, failure_threshold, .. } = &**settings;
    assert_eq!((*request_interval, *failure_threshold), (Some(10), Some(3)));
    let target = found[1].1.alias_target.as_ref().unwrap();
    assert_eq!(target.dns_name, "orders-1.eu-west-1.elb.amazonaws.com");

    assert_eq!(cloud.gateway.count(route53("ListHostedZones")), 1);
    assert_eq!(cloud.gateway.count(route53("ListHealthChecks")), 1);
    assert_eq!(cloud.gateway.count(route53("ListResourceRecordSets")), 1);
    assert_eq!(outcome(&snapshot, "ListHostedZones"), (Outcome::Collected, None, 2));
    assert_eq!(outcome(&snapshot, "ListResourceRecordSets"), (Outcome::Collected, None, 1));
}

/// The tags of zones come from one Region, whichever are scanned.
#[test]
fn tags_come_from_the_region_that_has_them() {
    let cloud = Cloud::new();
    let id = block_on(zone(&cloud.account, "example.com"));
    let arn = format!("arn:aws:route53:::{}", id.trim_start_matches('/'));
    let tags = serde_json::json!({
        "ResourceTagMappingList": [{"ResourceARN": arn, "Tags": [{"Key": "hadr:tier", "Value": "general"}]}],
        "PaginationToken": "",
    });
    cloud.gateway.on(tagging("GetResources").region("us-east-1")).reply(Reply::json(&tags));
    let snapshot = Program::on(&cloud.account).collect(&[TOKYO]);
    let zone = snapshot.resources.iter().find(|resource| resource.arn == arn).unwrap();
    assert_eq!(zone.tags.as_ref().unwrap().get("hadr:tier"), Some("general"));
}

#[test]
fn a_zone_that_may_not_be_read_has_a_gap() {
    let cloud = Cloud::new();
    block_on(async {
        let zone = zone(&cloud.account, "example.com").await;
        change(&cloud.account, &zone, vec![address("www.example.com").build().unwrap()]).await;
    });
    cloud.gateway.on(route53("ListResourceRecordSets")).deny();
    cloud.gateway.on(route53("ListHealthChecks")).reply(Reply::html(500));
    let snapshot = Program::on(&cloud.account).collect(&[TOKYO]);
    let zone = snapshot.resources.iter().find(|resource| resource.kind == Kind::HostedZone).unwrap();
    assert_eq!(zone.gaps.len(), 1);
    assert_eq!(zone.gaps[0].operation, "route53:ListResourceRecordSets");
    assert_eq!(zone.gaps[0].outcome, Outcome::Denied);
    assert_eq!(outcome(&snapshot, "ListResourceRecordSets").0, Outcome::Denied);
    assert_eq!(outcome(&snapshot, "ListHealthChecks").0, Outcome::Unsupported);
}

/// No zone is seen, so that nobody knows what records there are.
#[test]
fn without_the_zones_the_records_are_not_known() {
    let cloud = Cloud::new();
    cloud.gateway.on(route53("ListHostedZones")).deny();
    let snapshot = Program::on(&cloud.account).collect(&[TOKYO]);
    assert_eq!(outcome(&snapshot, "ListHostedZones").0, Outcome::Denied);
    let unknown = (Outcome::Skipped, Some("IncompleteListing".to_owned()), 0);
    assert_eq!(outcome(&snapshot, "ListResourceRecordSets"), unknown);
}

/// Ten thousand weighted records of one name: a page begins with a name, a type and an identifier.
#[test]
fn a_large_zone_comes_page_by_page() {
    const RECORDS: usize = 10_000;
    const PAGE: usize = 300;
    let cloud = Cloud::new();
    cloud.gateway.on(route53("ListHostedZones")).reply(Reply::xml(format!(
        "<ListHostedZonesResponse xmlns=\"{XML}\"><HostedZones><HostedZone><Id>/hostedzone/Z1</Id>\
         <Name>example.com.</Name><CallerReference>r</CallerReference>\
         <ResourceRecordSetCount>{RECORDS}</ResourceRecordSetCount></HostedZone></HostedZones>\
         <Marker></Marker><IsTruncated>false</IsTruncated><MaxItems>100</MaxItems></ListHostedZonesResponse>"
    )));
    cloud.gateway.on(route53("ListResourceRecordSets")).reply_with(|request: &Request| {
        assert_eq!(request.parameter("maxitems"), Some("300"));
        let start = request.parameter("identifier").map_or(0, |number| number.parse::<usize>().unwrap());
        if start > 0 {
            assert_eq!(request.parameter("name"), Some("%5C052.example.com."));
            assert_eq!(request.parameter("type"), Some("A"));
        }
        let end = RECORDS.min(start + PAGE);
        let sets: String = (start..end)
            .map(|number| {
                format!(
                    "<ResourceRecordSet><Name>\\052.example.com.</Name><Type>A</Type>\
                     <SetIdentifier>{number}</SetIdentifier><Weight>1</Weight><TTL>60</TTL></ResourceRecordSet>"
                )
            })
            .collect();
        let next = (end < RECORDS).then(|| {
            format!(
                "<NextRecordName>\\052.example.com.</NextRecordName><NextRecordType>A</NextRecordType>\
                 <NextRecordIdentifier>{end}</NextRecordIdentifier>"
            )
        });
        Reply::xml(format!(
            "<ListResourceRecordSetsResponse xmlns=\"{XML}\"><ResourceRecordSets>{sets}</ResourceRecordSets>\
             <IsTruncated>{}</IsTruncated>{}<MaxItems>300</MaxItems></ListResourceRecordSetsResponse>",
            next.is_some(),
            next.unwrap_or_default(),
        ))
    });
    let snapshot = Program::on(&cloud.account).collect(&[TOKYO]);
    let found = records(&snapshot);
    assert_eq!(found.len(), RECORDS);
    assert!(found.iter().all(|(name, _)| *name == "*.example.com"));
    assert_eq!(cloud.gateway.count(route53("ListResourceRecordSets")), RECORDS.div_ceil(PAGE));
}
