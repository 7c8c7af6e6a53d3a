"""Route tables as EC2 shows and filters them, and NAT gateways whose interface is the service's.

A subnet without an association of its own uses its VPC's main table; the filter
`association.subnet-id` finds explicit associations only, as in AWS.
"""

from collections.abc import Callable
from typing import Any

from moto.core.responses import ActionResult
from moto.ec2.models.nat_gateways import NatGatewayBackend
from moto.ec2.models.route_tables import RouteTable
from moto.ec2.responses import RouteTables

from sandbox.network import addresses
from sandbox.network.ec2_views import View, tag_items
from sandbox.network.ec2_xml import XmlAnswer

from .ec2_base import ROUTES, look_up, patch
from .ec2_describe import listing, path

_NAMES = (
    "association.gateway-id",
    "association.main",
    "association.route-table-association-id",
    "association.route-table-id",
    "association.subnet-id",
    "route.destination-cidr-block",
    "route.destination-ipv6-cidr-block",
    "route.destination-prefix-list-id",
    "route.egress-only-internet-gateway-id",
    "route.gateway-id",
    "route.instance-id",
    "route.nat-gateway-id",
    "route.origin",
    "route.state",
    "route.transit-gateway-id",
    "route.vpc-peering-connection-id",
)
_PATHS = {
    name: path(name, {}).replace("association.", "associationSet.").replace("route.", "routeSet.")
    for name in _NAMES
}
_done: set[type] = set()


def view(table: RouteTable) -> View:
    """A route table as DescribeRouteTables shows it."""
    return {
        "routeTableId": table.id,
        "vpcId": table.vpc_id,
        "ownerId": table.owner_id,
        "routeSet": [_route(each) for each in table.routes],
        "associationSet": [_association(each) for each in table.associations],
        "propagatingVgwSet": [],
        "tagSet": tag_items(table.ec2_backend, table.id),
    }


def _route(route: Any) -> View:
    return {
        "destinationCidrBlock": route.destination_cidr_block,
        "destinationIpv6CidrBlock": route.destination_ipv6_cidr_block,
        "destinationPrefixListId": route.destination_prefix_list_id,
        "egressOnlyInternetGatewayId": route.egress_only_internet_gateway_id,
        "gatewayId": route.gateway_id,
        "instanceId": route.instance_id,
        "natGatewayId": route.nat_gateway_id,
        "networkInterfaceId": route.network_interface_id,
        "transitGatewayId": route.transit_gateway_id,
        "vpcPeeringConnectionId": route.vpc_peering_connection_id,
        "origin": route.origin,
        "state": route.state,
    }


def _association(row: dict[str, Any]) -> View:
    shown = {f"{name[0].lower()}{name[1:]}": value for name, value in row.items()}
    return shown | {"associationState": {"state": "associated"}}


def describe_route_tables(self: Any) -> ActionResult:
    """All route tables, or those that the request names."""
    known = self.ec2_backend.route_tables
    ids = self._get_param("RouteTableIds", [])
    found = look_up(ROUTES, ids, known) if ids else list(known.values())
    shown, token = listing(self, found, view, _PATHS, "RouteTableIds")
    return XmlAnswer({"routeTableSet": shown, "nextToken": token})


def _served(original: Callable[..., Any]) -> Callable[..., Any]:
    def create_nat_gateway(self: Any, *args: Any, **wanted: Any) -> Any:
        """The gateway's interface belongs to the service, and has an address of its subnet."""
        made = original(self, *args, **wanted)
        eni = made._eni
        private = eni.subnet.get_available_subnet_ip(made)
        for each in addresses.elastic(eni).values():
            each.ext_private = private
        eni.private_ip_address, eni._group_set = private, []
        eni.private_ip_addresses = [{"Primary": True, "PrivateIpAddress": private}]
        eni.interface_type, eni.requester_managed = "nat_gateway", True
        eni.description = f"Interface for NAT Gateway {made.id}"
        made.address_set[0]["privateIp"] = made.private_ip = private
        return made

    return create_nat_gateway


def install() -> None:
    """Put the strict operations in place of moto's."""
    if RouteTables in _done:
        return
    _done.add(RouteTables)
    patch(RouteTables, describe_route_tables=describe_route_tables)
    original = NatGatewayBackend.create_nat_gateway
    patch(NatGatewayBackend, create_nat_gateway=_served(original))
