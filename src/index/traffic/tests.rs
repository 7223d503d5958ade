use std::collections::BTreeMap;

use crate::config::Config;
use crate::index::Index;
use crate::snapshot::autoscaling::{AutoScalingGroup, GroupInstance};
use crate::snapshot::ec2::{Instance, NatGateway, Route, RouteTable, Subnet};
use crate::snapshot::elb::{Target, TargetGroup};
use crate::snapshot::{Attributes, Kind, Resource, Zone, samples};

const TARGETS: &str = "arn:aws:elasticloadbalancing:eu-west-1:123456789012:targetgroup/web/1";

fn ec2(resource: &str) -> String {
    format!("arn:aws:ec2:eu-west-1:123456789012:{resource}")
}

fn resource(kind: Kind, arn: String, zones: &[&str], attributes: Attributes) -> Resource {
    Resource {
        kind,
        name: arn.rsplit('/').next().unwrap_or_default().to_owned(),
        arn,
        region: "eu-west-1".to_owned(),
        zones: zones.iter().map(|zone| Zone::named(*zone)).collect(),
        tags: None,
        attributes,
        gaps: Vec::new(),
    }
}

fn instance(id: &str, zone: &str, ip: &str) -> Resource {
    let instance = Instance {
        vpc_id: Some("vpc-1".to_owned()),
        private_ip_addresses: vec![ip.to_owned()],
        ..Instance::default()
    };
    let attributes = Attributes::Instance(Box::new(instance));
    resource(Kind::Instance, ec2(&format!("instance/{id}")), &[zone], attributes)
}

fn subnet(id: &str, zone: &str) -> Resource {
    let subnet = Subnet { vpc_id: Some("vpc-1".to_owned()), ..Subnet::default() };
    resource(Kind::Subnet, ec2(&format!("subnet/{id}")), &[zone], Attributes::Subnet(Box::new(subnet)))
}

fn table(id: &str, main: bool, subnets: &[&str], target: &str) -> Resource {
    let route =
        Route { destination: "0.0.0.0/0".to_owned(), target: Some(target.to_owned()), ..Route::default() };
    let table = RouteTable {
        vpc_id: Some("vpc-1".to_owned()),
        main,
        subnets: subnets.iter().map(|id| (*id).to_owned()).collect(),
        routes: vec![route],
    };
    let attributes = Attributes::RouteTable(Box::new(table));
    resource(Kind::RouteTable, ec2(&format!("route-table/{id}")), &[], attributes)
}

fn target_group(target_type: &str, targets: &[(&str, &str)]) -> Resource {
    let targets = targets.iter().map(|(id, state)| Target {
        id: (*id).to_owned(),
        state: Some((*state).to_owned()),
        ..Target::default()
    });
    let group = TargetGroup {
        target_type: Some(target_type.to_owned()),
        vpc_id: Some("vpc-1".to_owned()),
        targets: Some(targets.collect()),
        ..TargetGroup::default()
    };
    resource(Kind::TargetGroup, TARGETS.to_owned(), &[], Attributes::TargetGroup(Box::new(group)))
}

#[track_caller]
fn ends(resources: &[Resource], label: &str, from: &str) -> Vec<String> {
    let (snapshot, config) = (samples::snapshot(resources.to_vec()), Config::default());
    let index = Index::build(vec![&snapshot], &config);
    index.relations[label].get(from).into_iter().flatten().map(|end| end.to_string()).collect()
}

/// Healthy targets by zone, and targets whose zone is not known.
fn healthy(resources: Vec<Resource>) -> (BTreeMap<String, usize>, Vec<String>) {
    let (snapshot, config) = (samples::snapshot(resources), Config::default());
    let index = Index::build(vec![&snapshot], &config);
    let placement = &index.placement[TARGETS];
    let counts = placement.healthy.iter().map(|(zone, count)| ((*zone).to_owned(), *count));
    (counts.collect(), placement.unplaced.iter().map(|target| target.to_string()).collect())
}

#[test]
fn healthy_targets_are_in_the_zones_of_their_instances() {
    let group = target_group("instance", &[("i-1", "healthy"), ("i-2", "unhealthy"), ("i-9", "healthy")]);
    let (counts, unplaced) = healthy(vec![
        group.clone(),
        instance("i-1", "eu-west-1a", "10.0.0.1"),
        instance("i-2", "eu-west-1b", "10.0.0.2"),
    ]);
    assert_eq!(counts, BTreeMap::from([("eu-west-1a".to_owned(), 1)]));
    assert_eq!(unplaced, ["i-9"]);
    let forwards = ["i-1", "i-2", "i-9"].map(|id| ec2(&format!("instance/{id}")));
    assert_eq!(ends(&[group], "forwards_to", TARGETS), forwards);
}

#[test]
fn an_address_is_that_of_an_instance_of_the_same_vpc() {
    let group = target_group("ip", &[("10.0.0.1", "healthy"), ("10.0.0.9", "healthy")]);
    let mut elsewhere = instance("i-2", "eu-west-1b", "10.0.0.9");
    if let Attributes::Instance(instance) = &mut elsewhere.attributes {
        instance.vpc_id = Some("vpc-2".to_owned());
    }
    let (counts, unplaced) = healthy(vec![group, instance("i-1", "eu-west-1a", "10.0.0.1"), elsewhere]);
    assert_eq!(counts, BTreeMap::from([("eu-west-1a".to_owned(), 1)]));
    assert_eq!(unplaced, ["10.0.0.9"]);
}

#[test]
fn a_subnet_without_a_table_of_its_own_has_the_main_one() {
    let resources = [
        subnet("subnet-1", "eu-west-1a"),
        subnet("subnet-2", "eu-west-1b"),
        table("rtb-main", true, &[], "nat-1"),
        table("rtb-own", false, &["subnet-2"], "igw-1"),
    ];
    let subnet = |id: &str| ec2(&format!("subnet/{id}"));
    assert_eq!(ends(&resources, "routed_by", &subnet("subnet-1")), [ec2("route-table/rtb-main")]);
    assert_eq!(ends(&resources, "routed_by", &subnet("subnet-2")), [ec2("route-table/rtb-own")]);
    assert_eq!(ends(&resources, "exits_through", &subnet("subnet-1")), [ec2("natgateway/nat-1")]);
    assert_eq!(ends(&resources, "exits_through", &subnet("subnet-2")), [""; 0]);
}

#[test]
fn a_nat_gateway_is_in_the_zone_of_its_subnet() {
    let gateway = NatGateway { subnet_id: Some("subnet-1".to_owned()), ..NatGateway::default() };
    let attributes = Attributes::NatGateway(Box::new(gateway));
    let gateway = resource(Kind::NatGateway, ec2("natgateway/nat-1"), &[], attributes);
    let (snapshot, config) =
        (samples::snapshot(vec![gateway, subnet("subnet-1", "eu-west-1a")]), Config::default());
    let index = Index::build(vec![&snapshot], &config);
    let zones: Vec<&str> = index.placement[ec2("natgateway/nat-1").as_str()].zones.iter().copied().collect();
    assert_eq!(zones, ["eu-west-1a"]);
}

#[test]
fn a_group_fills_its_target_groups_and_has_its_instances() {
    let arn = "arn:aws:autoscaling:eu-west-1:123456789012:autoScalingGroup:1:autoScalingGroupName/web";
    let group = AutoScalingGroup {
        target_group_arns: vec![TARGETS.to_owned()],
        load_balancer_names: vec!["old".to_owned()],
        instances: vec![GroupInstance { instance_id: "i-1".to_owned(), ..GroupInstance::default() }],
        ..AutoScalingGroup::default()
    };
    let attributes = Attributes::AutoScalingGroup(Box::new(group));
    let resources = [resource(Kind::AutoScalingGroup, arn.to_owned(), &[], attributes)];
    assert_eq!(ends(&resources, "filled_by", TARGETS), [arn]);
    let classic = "arn:aws:elasticloadbalancing:eu-west-1:123456789012:loadbalancer/old";
    assert_eq!(ends(&resources, "filled_by", classic), [arn]);
    assert_eq!(ends(&resources, "has_member", arn), [ec2("instance/i-1")]);
    assert_eq!(ends(&resources, "member_of", &ec2("instance/i-1")), [arn]);
}
