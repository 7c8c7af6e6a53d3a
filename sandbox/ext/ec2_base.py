"""What every EC2 extension shares: errors, ids, and look-ups that do not walk all resources."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, NoReturn

from moto.ec2.exceptions import EC2ClientError
from moto.ec2.models import EC2Backend
from moto.ec2.models.core import TaggedEC2Resource
from moto.ec2.models.elastic_block_store import EBSBackend
from moto.ec2.models.elastic_network_interfaces import NetworkInterfaceBackend
from moto.ec2.models.instances import Instance, InstanceBackend
from moto.ec2.models.security_groups import SecurityGroup, SecurityGroupBackend
from moto.ec2.utils import EC2_PREFIX_TO_RESOURCE, get_prefix


@dataclass(frozen=True)
class Kind:
    """How EC2 speaks of one kind of resource when an id is wrong."""

    prefix: str
    malformed: str
    unknown: str
    text: str


INSTANCE = Kind(
    "i",
    "InvalidInstanceID.Malformed",
    "InvalidInstanceID.NotFound",
    "The instance ID '{}' does not exist",
)
INTERFACE = Kind(
    "eni",
    "InvalidNetworkInterfaceId.Malformed",
    "InvalidNetworkInterfaceID.NotFound",
    "The networkInterface ID '{}' does not exist",
)
GROUP = Kind(
    "sg",
    "InvalidGroupId.Malformed",
    "InvalidGroup.NotFound",
    "The security group '{}' does not exist",
)
ACL = Kind(
    "acl",
    "InvalidNetworkAclId.Malformed",
    "InvalidNetworkAclID.NotFound",
    "The networkAcl ID '{}' does not exist",
)
VPC = Kind(
    "vpc", "InvalidVpcId.Malformed", "InvalidVpcID.NotFound", "The vpc ID '{}' does not exist"
)
VOLUME = Kind(
    "vol",
    "InvalidVolumeID.Malformed",
    "InvalidVolume.NotFound",
    "The volume '{}' does not exist.",
)
SNAPSHOT = Kind(
    "snap",
    "InvalidSnapshotID.Malformed",
    "InvalidSnapshot.NotFound",
    "The snapshot '{}' does not exist.",
)
ALLOCATION = Kind(
    "eipalloc",
    "InvalidAllocationID.Malformed",
    "InvalidAllocationID.NotFound",
    "The allocation ID '{}' does not exist",
)
ROUTES = Kind(
    "rtb",
    "InvalidRouteTableId.Malformed",
    "InvalidRouteTableID.NotFound",
    "The routeTable ID '{}' does not exist",
)

_TAIL = re.compile(r"-([0-9a-f]{8}|[0-9a-f]{17})\Z")


def patch(owner: type, **members: Any) -> None:
    """Replace members of a class of moto; a name that it does not have is a mistake."""
    for name, value in members.items():
        getattr(owner, name)
        setattr(owner, name, value)


def fail(code: str, message: str) -> NoReturn:
    """Refuse a request with an EC2 error code."""
    raise EC2ClientError(code, message)


def require(response: Any, name: str, wire_name: str = "") -> Any:
    """A parameter that must be there."""
    value = response._get_param(name)
    if value in (None, ""):
        wire = wire_name or name[0].lower() + name[1:]
        fail("MissingParameter", f"The request must contain the parameter {wire}")
    return value


def check_ids(kind: Kind, ids: Iterable[str]) -> None:
    """Refuse what cannot be an id of this kind."""
    for value in ids:
        if not value.startswith(f"{kind.prefix}-") or not _TAIL.match(value[len(kind.prefix) :]):
            fail(kind.malformed, f'Invalid id: "{value}" (expecting "{kind.prefix}-...")')


def not_found(kind: Kind, ids: Sequence[str]) -> NoReturn:
    """Refuse ids that name nothing; EC2 lists all of them."""
    if kind is INSTANCE and len(ids) > 1:
        fail(kind.unknown, f"The instance IDs '{', '.join(ids)}' do not exist")
    fail(kind.unknown, kind.text.format(ids[0]))


def look_up(kind: Kind, ids: Sequence[str], known: dict[str, Any]) -> list[Any]:
    """The resources with these ids in the order given, each once."""
    check_ids(kind, ids)
    if missing := [value for value in ids if value not in known]:
        not_found(kind, missing)
    return [known[value] for value in dict.fromkeys(ids)]


def instance_index(backend: Any) -> dict[str, Instance]:
    """All instances by id, terminated ones too."""
    index = backend.__dict__.setdefault("ext_instances", {})
    if sum(len(each.instances) for each in backend.reservations.values()) != len(index):
        index.clear()
        for reservation in backend.reservations.values():
            index.update((item.id, item) for item in reservation.instances)
    return index


def groups_by_id(backend: Any) -> dict[str, SecurityGroup]:
    """All security groups by id."""
    return {key: group for groups in list(backend.groups.values()) for key, group in groups.items()}


def find_instance(backend: Any, instance_id: str) -> Instance:
    """One instance, or the error that EC2 gives."""
    found: list[Instance] = look_up(INSTANCE, [instance_id], instance_index(backend))
    return found[0]


def _get_instance(self: Any, instance_id: str) -> Instance:
    index = self.__dict__.setdefault("ext_instances", {})
    found = index.get(instance_id) or instance_index(self).get(instance_id)
    return found or not_found(INSTANCE, [str(instance_id)])


def _get_instance_by_id(self: Any, instance_id: str) -> Instance | None:
    return instance_index(self).get(instance_id)


def _get_multi_instances_by_id(
    self: Any, instance_ids: list[str], filters: Any = None
) -> list[Instance]:
    found = look_up(INSTANCE, instance_ids, instance_index(self))
    return [item for item in found if item.applies(filters)]


def _get_network_interface(self: Any, eni_id: str) -> Any:
    return self.enis.get(eni_id) or not_found(INTERFACE, [str(eni_id)])


def _get_security_group_from_id(self: Any, group_id: str) -> SecurityGroup | None:
    return next((groups[group_id] for groups in self.groups.values() if group_id in groups), None)


def _get_tags(self: Any) -> list[dict[str, str]]:
    kind = EC2_PREFIX_TO_RESOURCE.get(get_prefix(self.id), "") if self.id else ""
    return [
        {"resource_id": self.id, "key": key, "value": value, "resource_type": kind}
        for key, value in tags_of(self.ec2_backend, self.id).items()
    ]


def tags_of(backend: Any, resource_id: str) -> dict[str, str]:
    """The tags of one resource (without creating an entry for it)."""
    found: dict[str, str] = backend.tags.get(resource_id) or {}
    return found


def _fast_volumes(original: Any) -> Any:
    def describe_volumes(
        self: Any, volume_ids: list[str] | None = None, filters: Any = None
    ) -> Any:
        if volume_ids and not filters and all(value in self.volumes for value in volume_ids):
            return [self.volumes[value] for value in volume_ids]
        return original(self, volume_ids, filters)

    return describe_volumes


def _fast_images(original: Any) -> Any:
    """Every launch asks for its one image by filter; moto walks all images."""

    def describe_images(self: Any, *args: Any, **kwargs: Any) -> Any:
        filters = kwargs.get("filters") or {}
        if not args and list(kwargs) == ["filters"] and list(filters) == ["image-id"]:
            if isinstance(image := filters["image-id"], str):
                return [self.amis[image]] if image in self.amis else []
        return original(self, *args, **kwargs)

    return describe_images


def install() -> None:
    """Replace moto's look-ups by dictionaries; every other EC2 extension leans on them."""
    if InstanceBackend.__dict__["get_instance"] is _get_instance:
        return
    patch(
        InstanceBackend,
        get_instance=_get_instance,
        get_instance_by_id=_get_instance_by_id,
        get_multi_instances_by_id=_get_multi_instances_by_id,
    )
    patch(NetworkInterfaceBackend, get_network_interface=_get_network_interface)
    patch(SecurityGroupBackend, get_security_group_from_id=_get_security_group_from_id)
    patch(TaggedEC2Resource, get_tags=_get_tags)
    patch(EBSBackend, describe_volumes=_fast_volumes(EBSBackend.describe_volumes))
    patch(EC2Backend, describe_images=_fast_images(EC2Backend.describe_images))
