"""DescribeInstances and DescribeNetworkInterfaces: every documented filter, pages, and fast."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from moto.core.responses import ActionResult
from moto.ec2.responses import ElasticNetworkInterfaces, InstanceResponse

from sandbox.network import ec2_views
from sandbox.network.ec2_views import View
from sandbox.network.ec2_xml import XmlAnswer, at

from .ec2_base import INSTANCE, INTERFACE, fail, instance_index, look_up, patch, tags_of
from .ec2_filters import match_tags, matches, page, text

Values = Callable[[Any], Iterable[Any]]
Filters = dict[str, list[str]]


def _primary(item: Any) -> Any:
    return item.nics.get(0) if item.state != "terminated" else None


def _net(attribute: str) -> Values:
    """An attribute of the subnet that the primary interface is in."""
    return lambda item: [getattr(nic.subnet, attribute)] if (nic := _primary(item)) else []


def _profile_arn(item: Any) -> list[str]:
    return [item.iam_instance_profile["Arn"]] if item.iam_instance_profile else []


# Answered from moto's objects, without describing the whole instance first.
INSTANCE_DIRECT: dict[str, Values] = {
    "instance-id": lambda item: [item.id],
    "instance-state-name": lambda item: [item.state],
    "instance-type": lambda item: [item.instance_type],
    "image-id": lambda item: [item.image_id],
    "vpc-id": _net("vpc_id"),
    "subnet-id": _net("id"),
    "iam-instance-profile.arn": _profile_arn,
    "availability-zone": lambda item: [item.placement.zone],
    "owner-id": lambda item: [item.owner_id],
}
INTERFACE_DIRECT: dict[str, Values] = {
    "network-interface-id": lambda eni: [eni.id],
    "vpc-id": lambda eni: [eni.subnet.vpc_id],
    "subnet-id": lambda eni: [eni.subnet.id],
    "group-id": lambda eni: [group.id for group in eni.group_set],
    "attachment.instance-id": lambda eni: [eni.instance.id] if eni.instance else [],
}
# Filter names whose place in the description cannot be told from the name.
INSTANCE_PATHS = {
    "instance-state-code": "instanceState.code",
    "instance.group-id": "groupSet.groupId",
    "instance.group-name": "groupSet.groupName",
    "group-id": "groupSet.groupId",
    "group-name": "groupSet.groupName",
    "block-device-mapping.attach-time": "blockDeviceMapping.ebs.attachTime",
    "block-device-mapping.delete-on-termination": "blockDeviceMapping.ebs.deleteOnTermination",
    "block-device-mapping.status": "blockDeviceMapping.ebs.status",
    "block-device-mapping.volume-id": "blockDeviceMapping.ebs.volumeId",
    "launch-index": "amiLaunchIndex",
    "monitoring-state": "monitoring.state",
    "ipv6-address": "networkInterfaceSet.ipv6AddressesSet.ipv6Address",
    "network-interface.ipv6-address": "networkInterfaceSet.ipv6AddressesSet.ipv6Address",
    "state-reason-code": "stateReason.code",
    "state-reason-message": "stateReason.message",
    "tenancy": "placement.tenancy",
    "host-id": "placement.hostId",
    "placement-group-name": "placement.groupName",
    "product-code": "productCodes.productCode",
}
INTERFACE_PATHS = {"group-name": "groupSet.groupName"}
_SETS = [
    ("networkInterface.", "networkInterfaceSet."),
    ("addresses.", "privateIpAddressesSet."),
    ("ipv6Addresses.", "ipv6AddressesSet."),
]
_GROUP_FIELDS = {
    "networkInterfaceSet.groupId": "networkInterfaceSet.groupSet.groupId",
    "networkInterfaceSet.groupName": "networkInterfaceSet.groupSet.groupName",
}


def path(name: str, special: dict[str, str]) -> str:
    """Where a filter looks in the description: a dotted path, made from the filter's name."""
    if name in special:
        return special[name]
    words = [part.split("-") for part in name.split(".")]
    camel = ".".join(first + "".join(map(str.capitalize, rest)) for first, *rest in words)
    for short, long in _SETS:
        camel = camel.replace(short, long)
    return _GROUP_FIELDS.get(camel, camel)


class Candidate:
    """A resource that is described only when somebody needs the description."""

    def __init__(self, resource: Any, describe: Callable[[Any], View]) -> None:
        self.resource, self._describe = resource, describe
        self._view: View | None = None

    @property
    def view(self) -> View:
        """The description."""
        if self._view is None:
            self._view = self._describe(self.resource)
        return self._view

    def passes(self, filters: Filters, direct: dict[str, Values], special: dict[str, str]) -> bool:
        """Whether all filters accept the resource."""
        return all(self._accepts(name, wanted, direct, special) for name, wanted in filters.items())

    def _accepts(
        self, name: str, wanted: Sequence[str], direct: dict[str, Values], special: dict[str, str]
    ) -> bool:
        if name.startswith("tag:") or name in ("tag-key", "tag-value"):
            return match_tags(tags_of(self.resource.ec2_backend, self.resource.id), name, wanted)
        found = direct[name](self.resource) if name in direct else None
        if found is None:
            found = at(self.view, path(name, special))
        return matches([text(each) for each in found], wanted)


def _exact(filters: Filters, name: str) -> list[str] | None:
    """The ids of an id filter without wildcards, which spares walking everything."""
    wanted = filters.get(name)
    plain = wanted is not None and not any(set("*?\\") & set(value) for value in wanted)
    return wanted if plain else None


def _instances(response: Any) -> list[Any]:
    """The instances that the request names, or all, in the order of their launch."""
    known = instance_index(response.ec2_backend)
    filters = response._filters_from_querystring()
    if ids := response._get_param("InstanceIds", []):
        found = {item.id for item in look_up(INSTANCE, ids, known)}
    elif (wanted := _exact(filters, "instance-id")) is not None:
        found = set(wanted)
    else:
        found = set(known)
    if len(found) < 50:
        order = {key: index for index, key in enumerate(known)}
        return [known[key] for key in sorted(found & order.keys(), key=order.__getitem__)]
    return [item for key, item in known.items() if key in found]


def describe_instances(self: Any) -> ActionResult:
    """Filter first, describe only what is on the page."""
    if self._get_param("InstanceIds") and self._get_param("MaxResults") is not None:
        text = "The parameter instancesSet cannot be used with the parameter maxResults"
        fail("InvalidParameterCombination", text)
    filters = self._filters_from_querystring()
    homes = filters.pop("reservation-id", None)
    candidates = [Candidate(item, ec2_views.instance) for item in _instances(self)]
    kept = [each for each in candidates if each.passes(filters, INSTANCE_DIRECT, INSTANCE_PATHS)]
    self.error_on_dryrun()
    home = _reservations(self.ec2_backend)
    if homes is not None:
        kept = [each for each in kept if matches([home[each.resource.id].id], homes)]
    shown, token = page(self, kept)
    return XmlAnswer({"reservationSet": _grouped(shown, home), "nextToken": token})


def _reservations(backend: Any) -> dict[str, Any]:
    return {item.id: each for each in backend.reservations.values() for item in each.instances}


def _grouped(shown: Sequence[Candidate], home: dict[str, Any]) -> list[View]:
    """Instances under their reservations; a page may end inside of one."""
    groups: dict[str, list[View]] = {}
    owners = {}
    for each in shown:
        owner = home[each.resource.id]
        owners[owner.id] = owner
        groups.setdefault(owner.id, []).append(each.view)
    return [ec2_views.reservation(owners[key], views) for key, views in groups.items()]


def describe_network_interfaces(self: Any) -> ActionResult:
    """Interfaces with exactly their own security groups."""
    backend = self.ec2_backend
    filters = self._filters_from_querystring()
    wanted = self._get_param("NetworkInterfaceIds", [])
    found = (
        look_up(INTERFACE, wanted, backend.enis) if wanted else _some_interfaces(backend, filters)
    )
    candidates = [Candidate(eni, ec2_views.interface) for eni in found]
    kept = [each for each in candidates if each.passes(filters, INTERFACE_DIRECT, INTERFACE_PATHS)]
    self.error_on_dryrun()
    shown, token = page(self, kept, ids="NetworkInterfaceIds")
    return XmlAnswer({"networkInterfaceSet": [each.view for each in shown], "nextToken": token})


def _some_interfaces(backend: Any, filters: Filters) -> list[Any]:
    """All interfaces, or those of the instances that a filter names."""
    wanted = _exact(filters, "attachment.instance-id")
    if wanted is None:
        return list(backend.enis.values())
    known = instance_index(backend)
    owners = [known[key] for key in dict.fromkeys(wanted) if key in known]
    return [nic for item in owners for nic in item.nics.values() if nic.id in backend.enis]


def listing(
    response: Any,
    found: Iterable[Any],
    describe: Callable[[Any], View],
    special: dict[str, str] | None = None,
    ids: str = "",
) -> tuple[list[View], str | None]:
    """One page of what passes the request's filters, described, and the token of the next page.

    `special` says where filters look, `ids` names the parameter that forbids paging.
    """
    filters = response._filters_from_querystring()
    candidates = [Candidate(item, describe) for item in found]
    kept = [each for each in candidates if each.passes(filters, {}, special or {})]
    response.error_on_dryrun()
    shown, token = page(response, kept, ids=ids)
    return [each.view for each in shown], token


def install() -> None:
    """Take over the two largest descriptions."""
    patch(InstanceResponse, describe_instances=describe_instances)
    patch(ElasticNetworkInterfaces, describe_network_interfaces=describe_network_interfaces)
