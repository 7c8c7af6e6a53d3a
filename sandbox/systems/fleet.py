"""The instances of an account and Region as Systems Manager and Inspector see them."""

import zlib
from dataclasses import dataclass
from typing import Any

from moto.ec2.models import ec2_backends
from moto.ssm.models import ssm_backends

from sandbox.network.reach import can_reach_out


@dataclass(frozen=True)
class Node:
    """What an instance has inside: its system, and whether Systems Manager knows it."""

    managed: bool = True
    platform: str = "AMAZON_LINUX_2023"
    agent: str = "3.3.3050.0"


_NAMES = {
    "AMAZON_LINUX": "Amazon Linux",
    "UBUNTU": "Ubuntu",
    "DEBIAN": "Debian GNU/Linux",
    "REDHAT": "Red Hat Enterprise Linux",
    "ROCKY_LINUX": "Rocky Linux",
    "SUSE": "SLES",
    "WINDOWS_SERVER": "Microsoft Windows Server",
}
PLATFORMS = tuple(_NAMES)


def instances(account: str, region: str) -> dict[str, Any]:
    """moto's instances by id, terminated ones left out."""
    backend = ec2_backends[account][region]
    return {
        instance.id: instance
        for reservation in backend.reservations.values()
        for instance in reservation.instances
        if instance.state != "terminated"
    }


def tags(account: str, region: str, resource_id: str) -> dict[str, str]:
    """The tags that an EC2 resource has now."""
    return dict(ec2_backends[account][region].tags.get(resource_id, {}))


def has_tags(have: dict[str, str], wanted: dict[str, list[str]]) -> bool:
    """Whether every wanted key is there with one of its values."""
    return all(have.get(key) in values for key, values in wanted.items())


def node(account: str, region: str, instance: Any) -> Node:
    """What is inside an instance; launched outside of a scenario, a profile makes it managed."""
    known = nodes(account, region).get(instance.id)
    return known or Node(managed=profile_name(account, region, instance) is not None)


def nodes(account: str, region: str) -> dict[str, Node]:
    """What the scenario says of its instances, by id."""
    return ssm_backends[account][region].__dict__.setdefault("toban_nodes", {})


def profile_name(account: str, region: str, instance: Any) -> str | None:
    """The name of the instance profile, if there is one."""
    associations = ec2_backends[account][region].iam_instance_profile_associations
    association = associations.get(instance.id)
    return association.iam_instance_profile.name if association else None


def is_online(account: str, region: str, instance: Any) -> bool:
    """Whether the agent answers: the instance runs and something lets it out."""
    return instance.state == "running" and can_reach_out(account, region, instance.id)


def system(platform: str) -> tuple[str, str, str]:
    """Type, name and version as Systems Manager writes them: UBUNTU_22_04 is Linux, Ubuntu,
    22.04.
    """
    family = next((name for name in _NAMES if platform.startswith(name)), platform)
    version = platform[len(family) :].strip("_").replace("_", ".")
    kind = "Windows" if family == "WINDOWS_SERVER" else "Linux"
    return kind, _NAMES.get(family, family.title()), version


def spread(text: str, size: int) -> int:
    """A number below `size` that depends on the text alone: variety without chance."""
    return zlib.crc32(text.encode()) % size
