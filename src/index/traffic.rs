//! How traffic gets to instances and out of their subnets: what load balancers forward to, what fills target groups,
//! which subnets things are placed in, and which route tables and NAT gateways those have.

use std::borrow::Cow;

use rustc_hash::FxHashMap;

use super::Resources;
use super::relation::{
    ATTACHED_TO, EXITS_THROUGH, FILLED_BY, FORWARDS_TO, HAS_MEMBER, LAUNCHED_FROM, MEMBER_OF, PLACED_IN,
    ROUTED_BY,
};
use crate::snapshot::arn::Arn;
use crate::snapshot::autoscaling::{AutoScalingGroup, LaunchTemplateSpecification};
use crate::snapshot::ec2::RouteTable;
use crate::snapshot::elb::{Target, TargetGroup};
use crate::snapshot::{Attributes, Resource, Zone};

/// A relation: its label and its two ends.
pub(super) type Edge<'a> = (&'static str, Cow<'a, str>, Cow<'a, str>);

/// What other resources name by less than an ARN.
pub(super) struct Traffic<'a> {
    /// Subnets by id. Those that another account shares have the account of their owner in their ARN.
    subnets: FxHashMap<&'a str, &'a Resource>,
    /// Instances by VPC and address: the same address can be in several VPCs.
    instances: FxHashMap<(&'a str, &'a str), &'a Resource>,
    /// Route tables by VPC.
    tables: FxHashMap<&'a str, Vec<(&'a Resource, &'a RouteTable)>>,
}

impl<'a> Traffic<'a> {
    pub(super) fn of(resources: &Resources<'a>) -> Self {
        let mut traffic = Self {
            subnets: FxHashMap::default(),
            instances: FxHashMap::default(),
            tables: FxHashMap::default(),
        };
        for resource in resources.iter() {
            match &resource.attributes {
                Attributes::Subnet(_) => {
                    traffic.subnets.insert(&resource.name, resource);
                }
                Attributes::Instance(instance) => {
                    for (vpc, ip) in instance.vpc_id.iter().flat_map(|vpc| {
                        instance.private_ip_addresses.iter().map(move |ip| (vpc.as_str(), ip.as_str()))
                    }) {
                        traffic.instances.insert((vpc, ip), resource);
                    }
                }
                Attributes::RouteTable(table) => {
                    if let Some(vpc) = &table.vpc_id {
                        traffic.tables.entry(vpc).or_default().push((resource, table));
                    }
                }
                _ => {}
            }
        }
        traffic
    }

    /// Zones of a subnet.
    pub(super) fn zones_of_subnet(&self, id: &str) -> &'a [Zone] {
        self.subnets.get(id).map_or(&[], |subnet| &subnet.zones)
    }

    /// Zones of a target: its own, or those of what it is.
    pub(super) fn zones_of_target(
        &self,
        target: &'a Target,
        group: &Resource,
        settings: &TargetGroup,
        resources: &Resources<'a>,
    ) -> &'a [Zone] {
        match (&target.zone, self.target(target, group, settings)) {
            (Some(zone), _) => std::slice::from_ref(zone),
            (None, Some(arn)) => resources.get(&arn).map_or(&[], |target| &target.zones),
            (None, None) => &[],
        }
    }

    /// ARN of a target. An address that no instance of the account has is not known: containers and other networks
    /// have addresses, too.
    fn target(&self, target: &'a Target, group: &Resource, settings: &TargetGroup) -> Option<Cow<'a, str>> {
        match settings.target_type.as_deref()? {
            "instance" => Some(Cow::Owned(instance_arn(&group.arn, &target.id)?)),
            "alb" => Some(Cow::Borrowed(&target.id)),
            "ip" => {
                let instance = self.instances.get(&(settings.vpc_id.as_deref()?, target.id.as_str()))?;
                Some(Cow::Borrowed(&instance.arn))
            }
            _ => None,
        }
    }

    /// The relations that start or end at a resource.
    pub(super) fn relations(&self, resource: &'a Resource, resources: &Resources<'a>) -> Vec<Edge<'a>> {
        let arn = Cow::Borrowed(resource.arn.as_str());
        let placed = |subnet: &'a String| Some((PLACED_IN, arn.clone(), self.subnet_arn(resource, subnet)?));
        match &resource.attributes {
            Attributes::Instance(instance) => instance.subnet_id.iter().filter_map(placed).collect(),
            Attributes::VpcEndpoint(endpoint) => endpoint.subnets.iter().filter_map(placed).collect(),
            Attributes::NatGateway(gateway) => gateway.subnet_id.iter().filter_map(placed).collect(),
            Attributes::LoadBalancer(balancer) => balancer.subnets.iter().filter_map(placed).collect(),
            Attributes::ClassicLoadBalancer(balancer) => {
                let instances = balancer.instances.iter().filter_map(|id| instance_arn(&arn, id));
                let forwards = instances.map(|instance| (FORWARDS_TO, arn.clone(), Cow::Owned(instance)));
                balancer.subnets.iter().filter_map(placed).chain(forwards).collect()
            }
            Attributes::TargetGroup(group) => {
                let balancers = group.load_balancer_arns.iter();
                let from =
                    balancers.map(|balancer| (FORWARDS_TO, Cow::Borrowed(balancer.as_str()), arn.clone()));
                let targets = group.targets.iter().flatten();
                let targets = targets.filter_map(|target| self.target(target, resource, group));
                from.chain(targets.map(|target| (FORWARDS_TO, arn.clone(), target))).collect()
            }
            Attributes::AutoScalingGroup(group) => {
                let mut edges = of_group(resource, group, resources);
                edges.extend(group.vpc_zone_identifier.iter().filter_map(placed));
                edges
            }
            Attributes::Volume(volume) => {
                let instances = volume.attachments.iter();
                let instances = instances.filter_map(|attached| instance_arn(&arn, &attached.instance_id));
                instances.map(|instance| (ATTACHED_TO, arn.clone(), Cow::Owned(instance))).collect()
            }
            Attributes::Subnet(subnet) => {
                let tables = subnet.vpc_id.as_deref().and_then(|vpc| self.tables.get(vpc));
                let tables = tables.map(Vec::as_slice).unwrap_or_default();
                // A subnet that was given no table has the main one.
                let given = tables.iter().find(|(_, table)| table.subnets.contains(&resource.name));
                match given.or_else(|| tables.iter().find(|(_, table)| table.main)) {
                    Some((table, settings)) => of_subnet(&resource.arn, table, settings),
                    None => Vec::new(),
                }
            }
            _ => Vec::new(),
        }
    }

    fn subnet_arn(&self, beside: &Resource, id: &str) -> Option<Cow<'a, str>> {
        match self.subnets.get(id) {
            Some(subnet) => Some(Cow::Borrowed(&subnet.arn)),
            None => ec2_arn(&beside.arn, &format!("subnet/{id}")).map(Cow::Owned),
        }
    }
}

/// The relations of an Auto Scaling group, without those to its subnets.
fn of_group<'a>(
    resource: &'a Resource,
    group: &'a AutoScalingGroup,
    resources: &Resources<'a>,
) -> Vec<Edge<'a>> {
    let arn = Cow::Borrowed(resource.arn.as_str());
    let mut edges = Vec::new();
    for instance in group.instances.iter().filter_map(|it| instance_arn(&arn, &it.instance_id)) {
        edges.push((HAS_MEMBER, arn.clone(), Cow::Owned(instance.clone())));
        edges.push((MEMBER_OF, Cow::Owned(instance), arn.clone()));
    }
    let sources = group.traffic_sources.iter().map(|source| &source.identifier);
    for source in group.target_group_arns.iter().chain(sources).filter(|source| source.starts_with("arn:")) {
        edges.push((FILLED_BY, Cow::Borrowed(source.as_str()), arn.clone()));
    }
    for name in &group.load_balancer_names {
        let balancer = Arn::parse(&arn).map(|arn| Arn { service: "elasticloadbalancing", ..arn });
        let balancer = balancer.map(|arn| arn.sibling(&format!("loadbalancer/{name}")));
        edges.extend(balancer.map(|balancer| (FILLED_BY, Cow::Owned(balancer), arn.clone())));
    }
    let mixed = group.mixed_instances_policy.iter().filter_map(|policy| policy.launch_template.as_ref());
    let templates = group.launch_template.iter().chain(mixed);
    let templates = templates.filter_map(|template| template_arn(resource, template, resources));
    edges.extend(templates.map(|template| (LAUNCHED_FROM, arn.clone(), template)));
    edges
}

/// The relations of a subnet that has a route table.
fn of_subnet<'a>(subnet: &'a str, table: &'a Resource, settings: &'a RouteTable) -> Vec<Edge<'a>> {
    let defaults = settings.routes.iter().filter(|route| route.destination == "0.0.0.0/0");
    let gateways = defaults.filter_map(|route| route.target.as_deref().filter(|id| id.starts_with("nat-")));
    let gateways = gateways.filter_map(|id| ec2_arn(&table.arn, &format!("natgateway/{id}")));
    let exits = gateways.map(|gateway| (EXITS_THROUGH, Cow::Borrowed(subnet), Cow::Owned(gateway)));
    let routed = (ROUTED_BY, Cow::Borrowed(subnet), Cow::Borrowed(table.arn.as_str()));
    std::iter::once(routed).chain(exits).collect()
}

fn template_arn<'a>(
    beside: &Resource,
    template: &LaunchTemplateSpecification,
    resources: &Resources<'a>,
) -> Option<Cow<'a, str>> {
    if let Some(id) = &template.launch_template_id {
        return ec2_arn(&beside.arn, &format!("launch-template/{id}")).map(Cow::Owned);
    }
    let name = template.launch_template_name.as_deref()?;
    let mut templates =
        resources.iter().filter(|resource| matches!(resource.attributes, Attributes::LaunchTemplate(_)));
    let found = templates.find(|resource| {
        resource.name == name
            && resource.region == beside.region
            && resources.account(resource) == resources.account(beside)
    });
    found.map(|resource| Cow::Borrowed(resource.arn.as_str()))
}

fn instance_arn(beside: &str, id: &str) -> Option<String> {
    ec2_arn(beside, &format!("instance/{id}"))
}

/// ARN of something of EC2 in the Region and account of another resource.
fn ec2_arn(beside: &str, resource: &str) -> Option<String> {
    Some(Arn { service: "ec2", ..Arn::parse(beside)? }.sibling(resource))
}

#[cfg(test)]
mod tests;
