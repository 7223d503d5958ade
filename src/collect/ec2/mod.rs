//! EC2: instances, volumes and their snapshots, images, and the network between them.
//!
//! User data of launch templates, policies of endpoints and the customer's side of VPN connections, which has keys in
//! it, are in the answers of the API and are not taken from them.

mod compute;
mod network;
mod storage;

use aws_sdk_ec2::types;
use futures_util::future::{join, join3, join4};

use super::Place;
use super::ledger::operation;
use super::scan::Scan;
use crate::snapshot::operation::Operation;
use crate::snapshot::{Resource, Tags};

pub(super) use storage::trace_snapshots;

const DESCRIBE_AVAILABILITY_ZONES: &Operation = operation("ec2", "DescribeAvailabilityZones");
const DESCRIBE_IMAGES: &Operation = operation("ec2", "DescribeImages");
const DESCRIBE_INSTANCES: &Operation = operation("ec2", "DescribeInstances");
const DESCRIBE_LAUNCH_TEMPLATE_VERSIONS: &Operation = operation("ec2", "DescribeLaunchTemplateVersions");
const DESCRIBE_NAT_GATEWAYS: &Operation = operation("ec2", "DescribeNatGateways");
const DESCRIBE_ROUTE_TABLES: &Operation = operation("ec2", "DescribeRouteTables");
const DESCRIBE_SNAPSHOTS: &Operation = operation("ec2", "DescribeSnapshots");
const DESCRIBE_SUBNETS: &Operation = operation("ec2", "DescribeSubnets");
const DESCRIBE_VOLUMES: &Operation = operation("ec2", "DescribeVolumes");
const DESCRIBE_VPC_ENDPOINTS: &Operation = operation("ec2", "DescribeVpcEndpoints");
const DESCRIBE_VPN_CONNECTIONS: &Operation = operation("ec2", "DescribeVpnConnections");

/// The calls that are made in each Region.
pub(super) const OPERATIONS: [&Operation; 11] = [
    DESCRIBE_AVAILABILITY_ZONES,
    DESCRIBE_IMAGES,
    DESCRIBE_INSTANCES,
    DESCRIBE_LAUNCH_TEMPLATE_VERSIONS,
    DESCRIBE_NAT_GATEWAYS,
    DESCRIBE_ROUTE_TABLES,
    DESCRIBE_SNAPSHOTS,
    DESCRIBE_SUBNETS,
    DESCRIBE_VOLUMES,
    DESCRIBE_VPC_ENDPOINTS,
    DESCRIBE_VPN_CONNECTIONS,
];

/// Items in a page, each the most that the API allows.
const PAGE: i32 = 1000;
const PAGE_OF_ROUTE_TABLES: i32 = 100;
const PAGE_OF_TEMPLATE_VERSIONS: i32 = 200;

/// Whose images and snapshots are listed; without it they are those of everyone.
const OWN: &str = "self";

/// Collects what EC2 has of a Region.
pub(super) async fn collect(scan: &Scan, place: &Place) -> Vec<Resource> {
    let (client, lane) = scan.session.ec2(&place.region);
    /// Lists all items of an operation and normalises them.
    macro_rules! list {
        ($operation:ident, $call:ident $(. $setting:ident($value:expr))*, $items:ident, $normalise:path) => {
            async {
                let listing = scan
                    .list(
                        $operation,
                        &place.region,
                        &lane,
                        |marker| client.$call()$(.$setting($value))*.set_next_token(marker).send(),
                        |page| (page.next_token, page.$items),
                    )
                    .await;
                $normalise(place, listing.items)
            }
        };
    }
    let compute = join3(
        list!(DESCRIBE_INSTANCES, describe_instances.max_results(PAGE), reservations, compute::instances),
        list!(DESCRIBE_IMAGES, describe_images.owners(OWN).max_results(PAGE), images, compute::images),
        list!(
            DESCRIBE_LAUNCH_TEMPLATE_VERSIONS,
            describe_launch_template_versions
                .versions("$Default")
                .versions("$Latest")
                .max_results(PAGE_OF_TEMPLATE_VERSIONS),
            launch_template_versions,
            compute::launch_templates
        ),
    );
    let storage = join(
        list!(DESCRIBE_VOLUMES, describe_volumes.max_results(PAGE), volumes, storage::volumes),
        list!(
            DESCRIBE_SNAPSHOTS,
            describe_snapshots.owner_ids(OWN).max_results(PAGE),
            snapshots,
            storage::snapshots
        ),
    );
    let network = join4(
        list!(DESCRIBE_SUBNETS, describe_subnets.max_results(PAGE), subnets, network::subnets),
        list!(
            DESCRIBE_ROUTE_TABLES,
            describe_route_tables.max_results(PAGE_OF_ROUTE_TABLES),
            route_tables,
            network::route_tables
        ),
        list!(
            DESCRIBE_NAT_GATEWAYS,
            describe_nat_gateways.max_results(PAGE),
            nat_gateways,
            network::nat_gateways
        ),
        list!(
            DESCRIBE_VPC_ENDPOINTS,
            describe_vpc_endpoints.max_results(PAGE),
            vpc_endpoints,
            network::vpc_endpoints
        ),
    );
    let without_pages = join(availability_zones(scan, place), vpn_connections(scan, place));
    let (compute, storage, network, others) = join4(compute, storage, network, without_pages).await;
    let (instances, images, launch_templates) = compute;
    let (volumes, snapshots) = storage;
    let (subnets, route_tables, nat_gateways, vpc_endpoints) = network;
    let (zones, vpn_connections) = others;
    [
        instances,
        images,
        launch_templates,
        volumes,
        snapshots,
        subnets,
        route_tables,
        nat_gateways,
        vpc_endpoints,
        zones,
        vpn_connections,
    ]
    .concat()
}

/// Lists the zones of a Region, Local Zones and those of Wavelength included.
async fn availability_zones(scan: &Scan, place: &Place) -> Vec<Resource> {
    let (client, lane) = scan.session.ec2(&place.region);
    let listing = scan
        .list(
            DESCRIBE_AVAILABILITY_ZONES,
            &place.region,
            &lane,
            |_| client.describe_availability_zones().all_availability_zones(true).send(),
            |page| (None, page.availability_zones),
        )
        .await;
    network::availability_zones(place, listing.items)
}

async fn vpn_connections(scan: &Scan, place: &Place) -> Vec<Resource> {
    let (client, lane) = scan.session.ec2(&place.region);
    let listing = scan
        .list(
            DESCRIBE_VPN_CONNECTIONS,
            &place.region,
            &lane,
            |_| client.describe_vpn_connections().send(),
            |page| (None, page.vpn_connections),
        )
        .await;
    network::vpn_connections(place, listing.items)
}

/// Tags as the API of the resource gives them. Where there are none, it leaves them out.
fn tags(list: Option<Vec<types::Tag>>) -> Option<Tags> {
    let tags = list.into_iter().flatten();
    Some(tags.filter_map(|tag| Some((tag.key?, tag.value.unwrap_or_default()))).collect())
}
