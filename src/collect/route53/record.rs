//! Record sets.

use aws_sdk_route53::types;

use super::{bare_id, health_check_arn, resource};
use crate::collect::text;
use crate::snapshot::route53::{AliasTarget, RecordSet, RoutingPolicy};
use crate::snapshot::{Attributes, Kind, Resource};

/// A record set of a zone.
pub(super) fn resource_of(zone: &str, set: types::ResourceRecordSet) -> Resource {
    let record_type = set.r#type.as_str().to_owned();
    let set_identifier = text(set.set_identifier.clone());
    let name = name(&set.name);
    let mut arn = format!("{zone}/recordset/{name}/{record_type}");
    if let Some(identifier) = &set_identifier {
        arn.push('/');
        arn.push_str(identifier);
    }
    let partition = zone.split(':').nth(1).unwrap_or_default();
    let attributes = RecordSet {
        hosted_zone: zone.to_owned(),
        routing_policy: routing_policy(&set),
        set_identifier,
        failover: set.failover.map(|failover| failover.as_str().to_owned()),
        weight: set.weight,
        latency_region: set.region.map(|region| region.as_str().to_owned()),
        geo_location: set.geo_location.and_then(geo_location),
        health_check: text(set.health_check_id).map(|id| health_check_arn(partition, &id)),
        alias_target: set.alias_target.map(alias_target),
        ttl: set.ttl,
        values: values(&record_type, set.resource_records.unwrap_or_default()),
        traffic_policy_instance_id: text(set.traffic_policy_instance_id),
        record_type: Some(record_type),
    };
    resource(Kind::RecordSet, arn, name, Attributes::RecordSet(Box::new(attributes)))
}

/// The member that is set says how the record set is chosen.
fn routing_policy(set: &types::ResourceRecordSet) -> RoutingPolicy {
    if set.failover.is_some() {
        RoutingPolicy::Failover
    } else if set.weight.is_some() {
        RoutingPolicy::Weighted
    } else if set.region.is_some() {
        RoutingPolicy::Latency
    } else if set.geo_location.is_some() {
        RoutingPolicy::Geolocation
    } else if set.geo_proximity_location.is_some() {
        RoutingPolicy::Geoproximity
    } else if set.multi_value_answer == Some(true) {
        RoutingPolicy::MultivalueAnswer
    } else if set.cidr_routing_config.is_some() {
        RoutingPolicy::Cidr
    } else {
        RoutingPolicy::Simple
    }
}

/// The smallest place that is given. The country `*` is everywhere else.
fn geo_location(location: types::GeoLocation) -> Option<String> {
    let continent = text(location.continent_code);
    let (country, subdivision) = (text(location.country_code), text(location.subdivision_code));
    match (continent, country, subdivision) {
        (_, Some(country), Some(subdivision)) => Some(format!("subdivision {country}-{subdivision}")),
        (_, Some(country), None) if country == "*" => Some("default".to_owned()),
        (_, Some(country), None) => Some(format!("country {country}")),
        (Some(continent), None, _) => Some(format!("continent {continent}")),
        (None, None, _) => None,
    }
}

fn alias_target(target: types::AliasTarget) -> AliasTarget {
    let dns_name = name(&target.dns_name);
    AliasTarget {
        // The console puts it in front of the names of load balancers, which answer to both.
        dns_name: dns_name.strip_prefix("dualstack.").unwrap_or(&dns_name).to_owned(),
        hosted_zone_id: bare_id(&target.hosted_zone_id).to_owned(),
        evaluate_target_health: target.evaluate_target_health,
    }
}

/// Where the record set leads. What other types hold may be secret.
fn values(record_type: &str, records: Vec<types::ResourceRecord>) -> Vec<String> {
    let values = records.into_iter().map(|record| record.value);
    match record_type {
        "A" | "AAAA" => values.collect(),
        "CNAME" => values.map(|value| name(&value)).collect(),
        _ => Vec::new(),
    }
}

/// A name as people write it: Route 53 ends it with a dot and writes whatever is not a letter, a digit or a hyphen as
/// a backslash and three octal digits.
pub(super) fn name(escaped: &str) -> String {
    let mut rest = escaped.strip_suffix('.').unwrap_or(escaped);
    let mut bytes = Vec::with_capacity(rest.len());
    while let Some(first) = rest.chars().next() {
        let octal = rest.get(1..4).filter(|_| first == '\\');
        if let Some(byte) = octal.and_then(|digits| u8::from_str_radix(digits, 8).ok()) {
            bytes.push(byte);
            rest = &rest[4..];
        } else {
            let (letter, others) = rest.split_at(first.len_utf8());
            bytes.extend_from_slice(letter.as_bytes());
            rest = others;
        }
    }
    String::from_utf8_lossy(&bytes).to_ascii_lowercase()
}

#[cfg(test)]
mod tests {
    use aws_sdk_route53::types;

    use super::{geo_location, name, resource_of};
    use crate::snapshot::route53::{RecordSet, RoutingPolicy};
    use crate::snapshot::{Attributes, Resource};

    const ZONE: &str = "arn:aws:route53:::hostedzone/Z1";

    type Builder = types::builders::ResourceRecordSetBuilder;

    fn set(kind: types::RrType, with: impl FnOnce(Builder) -> Builder) -> Resource {
        let set = types::ResourceRecordSet::builder().name("Www.Example.com.").r#type(kind);
        resource_of(ZONE, with(set).build().unwrap())
    }

    fn record(resource: &Resource) -> &RecordSet {
        let Attributes::RecordSet(record) = &resource.attributes else { panic!("it is a record set") };
        record
    }

    #[test]
    fn names_are_decoded() {
        assert_eq!(name("\\052.Example.COM."), "*.example.com");
        assert_eq!(name("a\\137b.example.com."), "a_b.example.com");
        assert_eq!(name("\\344.example.com."), "\u{fffd}.example.com");
        for odd in ["a\\", "a\\05", "a\\999b", "\\ü05"] {
            assert_eq!(name(odd), odd);
        }
    }

    #[test]
    fn the_identifier_tells_the_records_of_a_name_apart() {
        let alone = set(types::RrType::A, |it| it.ttl(60));
        assert_eq!(alone.arn, "arn:aws:route53:::hostedzone/Z1/recordset/www.example.com/A");
        let primary = set(types::RrType::A, |it| {
            it.set_identifier("Primary")
                .failover(types::ResourceRecordSetFailover::Primary)
                .health_check_id("h1")
        });
        assert_eq!(primary.arn, "arn:aws:route53:::hostedzone/Z1/recordset/www.example.com/A/Primary");
        assert_eq!(record(&primary).routing_policy, RoutingPolicy::Failover);
        assert_eq!(record(&primary).failover.as_deref(), Some("PRIMARY"));
        assert_eq!(record(&primary).health_check.as_deref(), Some("arn:aws:route53:::healthcheck/h1"));
    }

    #[test]
    fn the_member_that_is_set_says_how_a_record_set_is_chosen() {
        let policy = |with: fn(Builder) -> Builder| record(&set(types::RrType::A, with)).routing_policy;
        assert_eq!(policy(|it| it), RoutingPolicy::Simple);
        assert_eq!(policy(|it| it.weight(0)), RoutingPolicy::Weighted);
        assert_eq!(policy(|it| it.multi_value_answer(true)), RoutingPolicy::MultivalueAnswer);
        assert_eq!(policy(|it| it.multi_value_answer(false)), RoutingPolicy::Simple);
        assert_eq!(policy(|it| it.region(types::ResourceRecordSetRegion::EuWest1)), RoutingPolicy::Latency);
        let proximity = types::GeoProximityLocation::builder().aws_region("eu-west-1").build();
        let near = set(types::RrType::A, |it| it.geo_proximity_location(proximity));
        assert_eq!(record(&near).routing_policy, RoutingPolicy::Geoproximity);
    }

    #[test]
    fn a_place_is_the_smallest_that_is_given() {
        let place = |continent: Option<&str>, country: Option<&str>, subdivision: Option<&str>| {
            let owned = |text: Option<&str>| text.map(str::to_owned);
            let location = types::GeoLocation::builder()
                .set_continent_code(owned(continent))
                .set_country_code(owned(country))
                .set_subdivision_code(owned(subdivision));
            geo_location(location.build())
        };
        assert_eq!(place(Some("EU"), None, None).as_deref(), Some("continent EU"));
        assert_eq!(place(None, Some("DE"), None).as_deref(), Some("country DE"));
        assert_eq!(place(None, Some("US"), Some("WA")).as_deref(), Some("subdivision US-WA"));
        assert_eq!(place(None, Some("*"), None).as_deref(), Some("default"));
    }

    #[test]
    fn an_alias_names_its_target_as_the_target_names_itself() {
        let target = types::AliasTarget::builder()
            .dns_name("dualstack.Orders-1.eu-west-1.elb.amazonaws.com.")
            .hosted_zone_id("Z32O12XQLNTSW2")
            .evaluate_target_health(true);
        let alias = set(types::RrType::A, |it| it.alias_target(target.build().unwrap()));
        let target = record(&alias).alias_target.as_ref().unwrap();
        assert_eq!(target.dns_name, "orders-1.eu-west-1.elb.amazonaws.com");
    }

    #[test]
    fn only_values_that_lead_somewhere_are_kept() {
        let value = |text: &str| types::ResourceRecord::builder().value(text).build().unwrap();
        let secret = set(types::RrType::Txt, |it| it.resource_records(value("\"a secret\"")));
        assert_eq!(record(&secret).values, Vec::<String>::new());
        let other = set(types::RrType::Cname, |it| it.resource_records(value("Target.Example.com.")));
        assert_eq!(record(&other).values, ["target.example.com"]);
    }
}
