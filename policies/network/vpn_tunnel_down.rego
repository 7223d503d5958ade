# METADATA
# title: VPN connection has a tunnel that is down
# description: |
#   A Site-to-Site VPN connection has two tunnels, which end in different Availability Zones. AWS replaces the end of
#   one at a time for maintenance. With one tunnel, that interrupts the connection, and so does the loss of its zone;
#   with none, there is no connection.
#
#   A tunnel counts as AWS saw it at the instant of the snapshot. Where the telemetry of a tunnel is missing and none
#   is known to be down, the verdict is unknown. A second connection to another customer gateway does not make up for
#   a tunnel that is down: it is there for the failure of the device. Whether Direct Connect leads to the same network
#   is not collected yet, nor is whether Direct Connect itself is redundant.
# scope: package
# related_resources:
# - description: Tunnel options for your Site-to-Site VPN connection
#   ref: https://docs.aws.amazon.com/vpn/latest/s2svpn/VPNTunnels.html
# - description: Replace Site-to-Site VPN tunnel endpoints
#   ref: https://docs.aws.amazon.com/vpn/latest/s2svpn/endpoint-replacements.html
# custom:
#   severity:
#     mission-critical: high
#     business-critical: medium
#     general: low
#     non-production: none
#   concern: redundancy
#   scenarios: [instance, zone]
#   resource_types: [AWS::EC2::VPNConnection]
#   requires: [ec2:DescribeVpnConnections]
#   controls:
#     aws-well-architected: [REL02-BP02]
#     aws-config: [vpc-vpn-2-tunnels-up]
#     aws-security-hub: [EC2.20]
#     nist-800-53: [CP-8(2), SI-13(5)]
#     iso-22301: [8.3.5]
#     dora: [11(5), 12(4)]
#     soc2: [A1.2]
#   practices: [network-paths-redundant]
#   remediation:
#   - argv:
#     - aws
#     - ec2
#     - describe-vpn-connections
#     - --vpn-connection-ids={{name}}
#     - --query=VpnConnections[].VgwTelemetry[].[OutsideIpAddress,Status,StatusMessage,LastStatusChange]
#     - --region={{region}}
#     effect: >-
#       shows since when the tunnel is down and why; nothing is changed. Mostly the device of the customer has no
#       configuration for the second tunnel, or is blocked on the way
#     risk: safe
#     verify:
#     - aws
#     - ec2
#     - describe-vpn-connections
#     - --vpn-connection-ids={{name}}
#     - --query=VpnConnections[].VgwTelemetry[].Status
#     - --region={{region}}
#     cost: none
#   - argv:
#     - aws
#     - ec2
#     - modify-vpn-tunnel-options
#     - --vpn-connection-id={{name}}
#     - --vpn-tunnel-outside-ip-address={{params.outside_ip_address}}
#     - --tunnel-options={"StartupAction":"start","DPDTimeoutAction":"restart"}
#     - --region={{region}}
#     effect: >-
#       AWS brings the tunnel up by itself and again when it is lost, instead of waiting for the device, which has to
#       have a fixed address; the tunnel is down for some minutes while it is changed. The way back leads to what AWS
#       sets where nobody says otherwise
#     risk: review
#     undo:
#     - aws
#     - ec2
#     - modify-vpn-tunnel-options
#     - --vpn-connection-id={{name}}
#     - --vpn-tunnel-outside-ip-address={{params.outside_ip_address}}
#     - --tunnel-options={"StartupAction":"add","DPDTimeoutAction":"clear"}
#     - --region={{region}}
#     verify:
#     - aws
#     - ec2
#     - describe-vpn-connections
#     - --vpn-connection-ids={{name}}
#     - --query=VpnConnections[].VgwTelemetry[].Status
#     - --region={{region}}
#     cost: none
#   since: 0.1.0
package hadr.network.vpn_tunnel_down

_connections := input.resources["AWS::EC2::VPNConnection"]

# Connections without two tunnels that are up, which is all that a connection has, each with those that are down.
_lacking := [{"connection": connection, "down": down} |
	some connection in _connections
	count([tunnel | some tunnel in connection.attributes.tunnels; tunnel.status == "UP"]) < 2
	down := [tunnel.outside_ip_address | some tunnel in connection.attributes.tunnels; tunnel.status == "DOWN"]
]

subjects contains connection.arn if {
	some connection in _connections
}

unknowns contains entry.connection.arn if {
	some entry in _lacking
	count(entry.down) == 0
}

violations contains violation if {
	some entry in _lacking
	count(entry.down) > 0
	connection := entry.connection
	violation := {
		"resource": connection.arn,
		"message": sprintf("%s has %d of %d tunnels down", [
			connection.name,
			count(entry.down),
			count(connection.attributes.tunnels),
		]),
		"evidence": {
			"customer_gateway_id": connection.attributes.customer_gateway_id,
			"gateway_id": connection.attributes.gateway_id,
			"tunnels": connection.attributes.tunnels,
		},
		"params": {"outside_ip_address": _only(entry.down)},
	}
}

# A person chooses one of several.
_only(addresses) := addresses[0] if {
	count(addresses) == 1
} else := null
