//! VPCs of the accounts: subnets in zones, the way out of them, and what leads elsewhere.

use aws_sdk_ec2::Client;
use aws_sdk_ec2::types::{ResourceType, Tag, TagSpecification, VpcEndpointType};

use super::{OrFail as _, Tags};
use crate::support::account::Account;

pub(super) fn client(account: &Account, region: &'static str) -> Client {
    Client::new(&account.sdk_config(region))
}

/// Tags of something that is being made. EC2 refuses a specification without tags.
pub(super) fn tags(kind: ResourceType, tags: Tags<'_>) -> Option<Vec<TagSpecification>> {
    if tags.is_empty() {
        return None;
    }
    let tags = tags.iter().map(|(key, value)| Tag::builder().key(*key).value(*value).build());
    Some(vec![TagSpecification::builder().resource_type(kind).set_tags(Some(tags.collect())).build()])
}

/// A VPC with a public and a private subnet in each of its zones, in the order of the zones.
pub(super) struct Network {
    pub(super) region: &'static str,
    pub(super) vpc: String,
    pub(super) public: Vec<String>,
    pub(super) private: Vec<String>,
}

/// Where the NAT gateways are by which private subnets leave.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Exits {
    /// One in each zone, for the subnet there.
    PerZone,
    /// One in the first zone, for all.
    Single,
    /// One for each subnet, all of them in the first zone.
    Crowded,
}

/// Makes a VPC.
pub(super) async fn network(
    account: &Account,
    region: &'static str,
    zones: &[&str],
    exits: Exits,
) -> Network {
    let client = client(account, region);
    let vpc = client.create_vpc().cidr_block("10.0.0.0/16").send().await.or_fail("VPC");
    let vpc = vpc.vpc.and_then(|vpc| vpc.vpc_id).expect("a VPC has an id");
    let mut network = Network { region, vpc, public: Vec::new(), private: Vec::new() };
    let mut gateways: Vec<String> = Vec::new();
    for (number, zone) in zones.iter().enumerate() {
        let public = subnet(&client, &network, zone, number).await;
        let private = subnet(&client, &network, zone, 100 + number).await;
        let place = match exits {
            Exits::PerZone => Some(&public),
            Exits::Single => gateways.is_empty().then_some(&public),
            Exits::Crowded => Some(network.public.first().unwrap_or(&public)),
        };
        if let Some(subnet) = place {
            gateways.push(nat_gateway(&client, subnet).await);
        }
        let gateway = gateways.last().expect("there is one in the first zone");
        route(&client, &network, &private, gateway).await;
        network.public.push(public);
        network.private.push(private);
    }
    network
}

/// The VPC that every account has in a Region from the start. All of its subnets are public.
pub(super) async fn default_network(account: &Account, region: &'static str, zones: &[&str]) -> Network {
    let subnets = client(account, region).describe_subnets().send().await.or_fail("subnets").subnets;
    let subnets = subnets.unwrap_or_default();
    let in_zone = |zone: &&str| {
        let zone = format!("{region}{zone}");
        let mut subnets = subnets.iter().filter(|subnet| subnet.default_for_az == Some(true));
        let found = subnets.find(|subnet| subnet.availability_zone.as_deref() == Some(&zone));
        found.unwrap_or_else(|| panic!("{zone} has no default subnet: {subnets:?}"))
    };
    let found: Vec<_> = zones.iter().map(in_zone).collect();
    let id = |id: &Option<String>| id.clone().expect("a subnet has an id and a VPC");
    Network {
        region,
        vpc: id(&found[0].vpc_id),
        public: found.iter().map(|subnet| id(&subnet.subnet_id)).collect(),
        private: Vec::new(),
    }
}

async fn subnet(client: &Client, network: &Network, zone: &str, number: usize) -> String {
    let zone = format!("{}{zone}", network.region);
    let subnet = client
        .create_subnet()
        .vpc_id(&network.vpc)
        .availability_zone(&zone)
        .cidr_block(format!("10.0.{number}.0/24"))
        .send()
        .await
        .or_fail(&format!("subnet in {zone}"));
    subnet.subnet.and_then(|subnet| subnet.subnet_id).expect("a subnet has an id")
}

async fn nat_gateway(client: &Client, subnet: &str) -> String {
    let address = client.allocate_address().send().await.or_fail("address").allocation_id;
    let gateway = client
        .create_nat_gateway()
        .subnet_id(subnet)
        .set_allocation_id(address)
        .send()
        .await
        .or_fail("NAT gateway");
    gateway.nat_gateway.and_then(|gateway| gateway.nat_gateway_id).expect("a NAT gateway has an id")
}

/// Gives a subnet a route table of its own, whose route to everywhere leads to the gateway.
async fn route(client: &Client, network: &Network, subnet: &str, gateway: &str) {
    let table = client.create_route_table().vpc_id(&network.vpc).send().await.or_fail("route table");
    let table = table.route_table.and_then(|table| table.route_table_id).expect("a table has an id");
    client
        .create_route()
        .route_table_id(&table)
        .destination_cidr_block("0.0.0.0/0")
        .nat_gateway_id(gateway)
        .send()
        .await
        .or_fail("route");
    client
        .associate_route_table()
        .route_table_id(&table)
        .subnet_id(subnet)
        .send()
        .await
        .or_fail("route table");
}

/// An interface endpoint in these subnets.
pub(super) async fn endpoint(account: &Account, network: &Network, subnets: &[String]) {
    client(account, network.region)
        .create_vpc_endpoint()
        .vpc_id(&network.vpc)
        .vpc_endpoint_type(VpcEndpointType::Interface)
        .service_name(format!("com.amazonaws.{}.secretsmanager", network.region))
        .set_subnet_ids(Some(subnets.to_vec()))
        .send()
        .await
        .or_fail("endpoint");
}
