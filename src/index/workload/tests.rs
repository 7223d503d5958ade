use crate::config::{Config, Environment, Tier};
use crate::index::{Criticality, Index, Workload};
use crate::snapshot::cloudformation::Stack;
use crate::snapshot::{Attributes, Kind, Resource, samples};

const SHOP: &str = "arn:aws:hadr-scan::123456789012:workload/shop";

fn volume(id: &str, region: &str, tags: &[(&str, &str)]) -> Resource {
    let arn = format!("arn:aws:ec2:{region}:123456789012:volume/{id}");
    let volume = samples::resource(Kind::Volume, &arn, tags, Attributes::Volume(Box::default()));
    Resource { region: region.to_owned(), ..volume }
}

/// The workload `shop` of an account.
#[track_caller]
fn with_shop<T>(resources: Vec<Resource>, config: &str, ask: impl FnOnce(&Workload<'_>) -> T) -> T {
    let config: Config = toml::from_str(config).unwrap();
    let snapshot = samples::snapshot(resources);
    ask(Index::build(vec![&snapshot], &config).workload(SHOP).unwrap())
}

#[test]
fn a_workload_is_what_carries_its_name() {
    let resources = vec![
        volume("vol-1", "eu-west-1", &[("hadr:workload", "shop")]),
        volume("vol-2", "eu-central-1", &[("Application", "shop"), ("hadr:tier", "mission-critical")]),
        volume("vol-3", "eu-west-1", &[("hadr:workload", "till"), ("Application", "shop")]),
    ];
    with_shop(resources, "", |shop| {
        let names: Vec<&str> = shop.resources.iter().filter_map(|arn| arn.rsplit('/').next()).collect();
        assert_eq!(names, ["vol-2", "vol-1"]);
        assert_eq!(shop.regions.iter().copied().collect::<Vec<_>>(), ["eu-central-1", "eu-west-1"]);
        // The strictest of its resources, in production.
        assert_eq!((shop.tier.value, shop.tier.source.as_ref()), (Tier::MissionCritical, "tag hadr:tier"));
        assert_eq!(shop.environment.value, Environment::Production);
        assert_eq!(shop.criticality, Criticality::MissionCritical);
    });
}

#[test]
fn an_application_is_named_by_the_arn_of_its_group() {
    let arn = "arn:aws:resource-groups:eu-west-1:123456789012:group/shop/0a1b2c";
    let stack = ("aws:cloudformation:stack-name", "stack-7");
    let resources = vec![volume("vol-1", "eu-west-1", &[("awsApplication", arn), stack])];
    with_shop(resources, "", |shop| assert_eq!(shop.resources.len(), 1));
}

/// Nested stacks have names that nobody has chosen.
#[test]
fn what_nested_stacks_made_belongs_to_the_outermost_one() {
    let arn = |name: &str| format!("arn:aws:cloudformation:eu-west-1:123456789012:stack/{name}/0f0f");
    let nested = arn("shop-DataStack-1X2Y3Z");
    let stack = Stack { root_id: Some(arn("shop")), ..Stack::default() };
    let tags = [
        ("aws:cloudformation:stack-id", nested.as_str()),
        ("aws:cloudformation:stack-name", "shop-DataStack-1X2Y3Z"),
    ];
    let resources = vec![
        volume("vol-1", "eu-west-1", &tags),
        samples::resource(Kind::Stack, &nested, &[], Attributes::Stack(Box::new(stack))),
    ];
    with_shop(resources, "", |shop| {
        let volume = "arn:aws:ec2:eu-west-1:123456789012:volume/vol-1";
        assert_eq!(shop.resources.iter().copied().collect::<Vec<_>>(), [volume]);
    });
}

#[test]
fn the_strictest_tag_counts_and_differing_ones_are_told() {
    let resources = vec![
        volume("vol-1", "eu-west-1", &[("hadr:workload", "shop"), ("hadr:rto", "PT1H"), ("rto", "1m")]),
        volume("vol-2", "eu-west-1", &[("hadr:workload", "shop"), ("hadr:rto", "30m"), ("RPO", "3600s")]),
    ];
    with_shop(resources, "", |shop| {
        assert_eq!((shop.rto.value, shop.rto.source.as_str()), (1800, "tag hadr:rto of vol-2"));
        assert!(!shop.rto.implied);
        let differing = shop.rto.differing.iter().map(|other| (other.value, other.source.as_ref()));
        let differing: Vec<_> = differing.collect();
        assert_eq!(differing, [(1800, "tag hadr:rto of vol-2"), (3600, "tag hadr:rto of vol-1")]);
        assert_eq!((shop.rpo.value, shop.rpo.differing.len()), (3600, 0));
    });
}

#[test]
fn the_configuration_comes_before_tags_and_the_tier_after_them() {
    let config = "[[workloads]]\nname = \"shop\"\nresources = [\"arn:aws:ec2:*\"]\nrto = \"2h\"\nstrategy = \"pilot-light\"";
    let resources =
        vec![volume("vol-1", "eu-west-1", &[("hadr:rto", "1h"), ("hadr:tier", "business-critical")])];
    with_shop(resources, config, |shop| {
        assert_eq!((shop.rto.value, shop.rto.source.as_str()), (7200, "workload shop in the configuration"));
        assert_eq!(shop.rto.differing.len(), 2);
        assert_eq!((shop.rpo.value, shop.rpo.source.as_str()), (3600, "tier business-critical"));
        assert!(shop.rpo.implied);
        assert_eq!(shop.strategy_rank, Some(1));
    });
}

#[test]
fn a_tag_that_cannot_be_read_says_nothing_and_is_told() {
    let resources = vec![volume("vol-1", "eu-west-1", &[("hadr:workload", "shop"), ("hadr:rto", "soon")])];
    with_shop(resources.clone(), "", |shop| assert!(shop.rto.implied));
    let (config, snapshot) = (Config::default(), samples::snapshot(resources));
    let index = Index::build(vec![&snapshot], &config);
    let input = index.input(&snapshot);
    let [unreadable] = input.unreadable.as_slice() else { panic!("{:?}", input.unreadable) };
    assert_eq!((unreadable.tag, unreadable.value), ("hadr:rto", "soon"));
    assert!(unreadable.resource.ends_with("volume/vol-1"));
}

/// A decision to promise nothing has a name under it, and ends.
#[test]
fn nothing_is_promised_only_as_long_as_somebody_says_so() {
    let accepted = |tags: &[(&str, &str)]| {
        let tags = [&[("hadr:workload", "shop"), ("hadr:objective", "none-accepted")], tags].concat();
        with_shop(vec![volume("vol-1", "eu-west-1", &tags)], "", |shop| shop.accepted)
    };
    assert!(accepted(&[("hadr:accepted-by", "ada"), ("hadr:accepted-until", "2026-11-22")]));
    assert!(!accepted(&[("hadr:accepted-by", "ada"), ("hadr:accepted-until", "2026-11-21")]));
    assert!(!accepted(&[("hadr:accepted-by", " "), ("hadr:accepted-until", "2027-01-01")]));
    assert!(!accepted(&[("hadr:accepted-by", "ada")]));
}
