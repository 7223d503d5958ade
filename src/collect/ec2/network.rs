//! Zones, subnets, their routes, and what leads out of them, as the snapshot has them.

use aws_sdk_ec2::types;

use super::super::{Place, sorted, text};
use super::tags;
use crate::snapshot::ec2::{
    AvailabilityZone, NatGateway, Route, RouteTable, Subnet, Tunnel, VpcEndpoint, VpnConnection,
};
use crate::snapshot::{Attributes, Kind, Resource, Zone};

/// Normalises zones. AWS has no ARN for them; this one is made in the form that it would have.
pub(super) fn availability_zones(place: &Place, zones: Vec<types::AvailabilityZone>) -> Vec<Resource> {
    let zones = zones.into_iter().filter_map(|zone| {
        let name = text(zone.zone_name)?;
        let id = text(zone.zone_id);
        let attributes = AvailabilityZone {
            zone_id: id.clone(),
            zone_type: text(zone.zone_type),
            state: text(zone.state.map(|state| state.as_str().to_owned())),
            opt_in_status: text(zone.opt_in_status.map(|status| status.as_str().to_owned())),
        };
        let arn = place.arn("ec2", &format!("availability-zone/{name}"));
        let attributes = Attributes::AvailabilityZone(Box::new(attributes));
        Some(Resource {
            zones: vec![Zone { name: name.clone(), id }],
            ..place.resource(Kind::AvailabilityZone, arn, name, attributes)
        })
    });
    zones.collect()
}

/// Normalises subnets.
pub(super) fn subnets(place: &Place, subnets: Vec<types::Subnet>) -> Vec<Resource> {
    let subnets = subnets.into_iter().filter_map(|subnet| {
        let id = text(subnet.subnet_id)?;
        let zone_id = text(subnet.availability_zone_id);
        let zone = text(subnet.availability_zone).map(|name| Zone { name, id: zone_id });
        let attributes = Subnet {
            state: text(subnet.state.map(|state| state.as_str().to_owned())),
            vpc_id: text(subnet.vpc_id),
            available_ip_address_count: subnet.available_ip_address_count,
            outpost_arn: text(subnet.outpost_arn),
        };
        // That of a subnet which another account shares has the account of its owner.
        let arn = text(subnet.subnet_arn).unwrap_or_else(|| place.arn("ec2", &format!("subnet/{id}")));
        Some(Resource {
            zones: zone.into_iter().collect(),
            tags: tags(subnet.tags),
            ..place.resource(Kind::Subnet, arn, id, Attributes::Subnet(Box::new(attributes)))
        })
    });
    subnets.collect()
}

/// Normalises route tables.
pub(super) fn route_tables(place: &Place, tables: Vec<types::RouteTable>) -> Vec<Resource> {
    let tables = tables.into_iter().filter_map(|table| {
        let id = text(table.route_table_id)?;
        let associations = table.associations.unwrap_or_default();
        let mut routes: Vec<Route> = table.routes.into_iter().flatten().filter_map(route).collect();
        routes.sort_unstable_by(|one, other| one.destination.cmp(&other.destination));
        let attributes = RouteTable {
            vpc_id: text(table.vpc_id),
            main: associations.iter().any(|association| association.main == Some(true)),
            subnets: sorted(associations.into_iter().filter_map(|association| text(association.subnet_id))),
            routes,
        };
        let arn = place.arn("ec2", &format!("route-table/{id}"));
        Some(Resource {
            tags: tags(table.tags),
            ..place.resource(Kind::RouteTable, arn, id, Attributes::RouteTable(Box::new(attributes)))
        })
    });
    tables.collect()
}

fn route(route: types::Route) -> Option<Route> {
    let destinations =
        [route.destination_cidr_block, route.destination_ipv6_cidr_block, route.destination_prefix_list_id];
    let targets = [
        route.nat_gateway_id,
        route.gateway_id,
        route.egress_only_internet_gateway_id,
        route.transit_gateway_id,
        route.vpc_peering_connection_id,
        // That of an instance has its network interface, too.
        route.instance_id,
        route.network_interface_id,
        route.local_gateway_id,
        route.carrier_gateway_id,
        route.core_network_arn,
        route.odb_network_arn,
    ];
    Some(Route {
        destination: destinations.into_iter().find_map(text)?,
        target: targets.into_iter().find_map(text),
        state: text(route.state.map(|state| state.as_str().to_owned())),
    })
}

/// Normalises NAT gateways. A regional one has addresses in the zones that it is in, a zonal one is in its subnet's.
pub(super) fn nat_gateways(place: &Place, gateways: Vec<types::NatGateway>) -> Vec<Resource> {
    let gateways = gateways.into_iter().filter_map(|gateway| {
        let id = text(gateway.nat_gateway_id)?;
        let addresses = gateway.nat_gateway_addresses.into_iter().flatten();
        let zones = sorted(addresses.filter_map(|address| text(address.availability_zone)));
        let attributes = NatGateway {
            state: text(gateway.state.map(|state| state.as_str().to_owned())),
            vpc_id: text(gateway.vpc_id),
            subnet_id: text(gateway.subnet_id),
            connectivity_type: text(gateway.connectivity_type.map(|it| it.as_str().to_owned())),
            availability_mode: text(gateway.availability_mode.map(|it| it.as_str().to_owned())),
        };
        let arn = place.arn("ec2", &format!("natgateway/{id}"));
        Some(Resource {
            zones: zones.into_iter().map(Zone::named).collect(),
            tags: tags(gateway.tags),
            ..place.resource(Kind::NatGateway, arn, id, Attributes::NatGateway(Box::new(attributes)))
        })
    });
    gateways.collect()
}

/// Normalises VPC endpoints.
pub(super) fn vpc_endpoints(place: &Place, endpoints: Vec<types::VpcEndpoint>) -> Vec<Resource> {
    let endpoints = endpoints.into_iter().filter_map(|endpoint| {
        let id = text(endpoint.vpc_endpoint_id)?;
        let attributes = VpcEndpoint {
            state: text(endpoint.state.map(|state| state.as_str().to_owned())),
            vpc_endpoint_type: text(endpoint.vpc_endpoint_type.map(|it| it.as_str().to_owned())),
            service_name: text(endpoint.service_name),
            vpc_id: text(endpoint.vpc_id),
            subnets: sorted(endpoint.subnet_ids.into_iter().flatten()),
        };
        let arn = place.arn("ec2", &format!("vpc-endpoint/{id}"));
        Some(Resource {
            tags: tags(endpoint.tags),
            ..place.resource(Kind::VpcEndpoint, arn, id, Attributes::VpcEndpoint(Box::new(attributes)))
        })
    });
    endpoints.collect()
}

/// Normalises VPN connections, without the configuration of the customer's side.
pub(super) fn vpn_connections(place: &Place, connections: Vec<types::VpnConnection>) -> Vec<Resource> {
    let connections = connections.into_iter().filter_map(|connection| {
        let id = text(connection.vpn_connection_id)?;
        let mut tunnels: Vec<Tunnel> = connection
            .vgw_telemetry
            .into_iter()
            .flatten()
            .map(|tunnel| Tunnel {
                outside_ip_address: text(tunnel.outside_ip_address),
                status: text(tunnel.status.map(|status| status.as_str().to_owned())),
            })
            .collect();
        tunnels.sort_unstable_by(|one, other| one.outside_ip_address.cmp(&other.outside_ip_address));
        let attributes = VpnConnection {
            state: text(connection.state.map(|state| state.as_str().to_owned())),
            customer_gateway_id: text(connection.customer_gateway_id),
            gateway_id: text(connection.transit_gateway_id).or(text(connection.vpn_gateway_id)),
            tunnels,
        };
        let arn = place.arn("ec2", &format!("vpn-connection/{id}"));
        Some(Resource {
            tags: tags(connection.tags),
            ..place.resource(Kind::VpnConnection, arn, id, Attributes::VpnConnection(Box::new(attributes)))
        })
    });
    connections.collect()
}

#[cfg(test)]
mod tests {
    use aws_sdk_ec2::types;

    use super::super::super::Place;
    use super::super::super::identity::Account;
    use super::{nat_gateways, route_tables, vpn_connections};
    use crate::snapshot::Attributes;

    fn place() -> Place {
        let account = Account { partition: "aws".to_owned(), id: "123456789012".to_owned() };
        Place::new(&account, "eu-west-1")
    }

    #[test]
    fn the_configuration_of_a_vpn_connection_stays_out() {
        let tunnel = types::VgwTelemetry::builder()
            .outside_ip_address("203.0.113.1")
            .status(types::TelemetryStatus::Down);
        let connection = types::VpnConnection::builder()
            .vpn_connection_id("vpn-1")
            .customer_gateway_configuration("<pre_shared_key>secret</pre_shared_key>")
            .vgw_telemetry(tunnel.build());
        let found = vpn_connections(&place(), vec![connection.build()]);
        let written = serde_json::to_string(&found).unwrap();
        assert!(written.contains("DOWN") && !written.contains("secret"), "{written}");
    }

    #[test]
    fn a_route_leads_to_its_gateway() {
        let route = types::Route::builder()
            .destination_cidr_block("0.0.0.0/0")
            .nat_gateway_id("nat-1")
            .state(types::RouteState::Blackhole);
        let main = types::RouteTableAssociation::builder().main(true).build();
        let table =
            types::RouteTable::builder().route_table_id("rtb-1").routes(route.build()).associations(main);
        let found = route_tables(&place(), vec![table.build()]);
        let Attributes::RouteTable(table) = &found[0].attributes else { panic!("it has its settings") };
        assert!(table.main);
        assert_eq!(table.routes[0].destination, "0.0.0.0/0");
        assert_eq!(table.routes[0].target.as_deref(), Some("nat-1"));
        assert_eq!(table.routes[0].state.as_deref(), Some("blackhole"));
    }

    #[test]
    fn a_regional_nat_gateway_is_where_its_addresses_are() {
        let address = |zone: &str| types::NatGatewayAddress::builder().availability_zone(zone).build();
        let gateway = types::NatGateway::builder()
            .nat_gateway_id("nat-1")
            .availability_mode(types::AvailabilityMode::Regional)
            .nat_gateway_addresses(address("eu-west-1b"))
            .nat_gateway_addresses(address("eu-west-1a"));
        let found = nat_gateways(&place(), vec![gateway.build()]);
        let zones: Vec<&str> = found[0].zones.iter().map(|zone| zone.name.as_str()).collect();
        assert_eq!(zones, ["eu-west-1a", "eu-west-1b"]);
    }
}
