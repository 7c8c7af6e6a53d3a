"""What can be contained: an entity is a kind plus an ARN (DESIGN.md §9)."""

from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Self

from skill.errors import BadRequest

INSTANCE, USER, ROLE, FUNCTION = "instance", "user", "role", "function"


@dataclass(frozen=True)
class Entity:
    """`id` is what the API takes: an instance id, or the name without its path and qualifier.

    `region` is empty for what IAM holds: it is in every Region.
    """

    kind: str
    id: str
    arn: str
    account: str
    region: str = ""

    @property
    def key(self) -> str:
        """What the ledger and a Target call it: names alone are not unique, instance ids are."""
        return self.id if self.kind == INSTANCE else self.arn

    @property
    def partition(self) -> str:
        return self.arn.split(":")[1]

    @classmethod
    def of(cls, doc: dict[str, str]) -> Self:
        return cls(**doc)

    def document(self) -> dict[str, str]:
        return asdict(self)


def parse(arn: str) -> Entity:
    """The entity that an ARN names. Raises BadRequest for anything that cannot be contained."""
    parts = arn.split(":", 5)
    if len(parts) != 6 or parts[0] != "arn" or not parts[4].isdecimal():
        raise BadRequest(entity=arn[:200])
    service, region, account, resource = parts[2:]
    for (known, prefix), read in _KINDS.items():
        if service == known and resource.startswith(prefix):
            return read(arn, region, account, resource.removeprefix(prefix))
    raise BadRequest(entity=arn[:200])


def _instance(arn: str, region: str, account: str, rest: str) -> Entity:
    return _whole(Entity(INSTANCE, rest, arn, account, region))


def _user(arn: str, region: str, account: str, rest: str) -> Entity:
    """A path is part of the ARN and not of the name: the name is the last element."""
    return _whole(Entity(USER, rest.rpartition("/")[2], arn, account))


def _role(arn: str, region: str, account: str, rest: str) -> Entity:
    return _whole(Entity(ROLE, rest.rpartition("/")[2], arn, account))


def _session(arn: str, region: str, account: str, rest: str) -> Entity:
    """A session of a role stands for the role. Its ARN does not tell the role's path."""
    name = rest.partition("/")[0]
    role = f"arn:{arn.split(':')[1]}:iam::{account}:role/{name}"
    return _whole(Entity(ROLE, name, role, account))


def _function(arn: str, region: str, account: str, rest: str) -> Entity:
    """A version or an alias stands for the function: what runs is stopped for all of them."""
    name = rest.partition(":")[0]
    whole = f"{arn.rpartition(':function:')[0]}:function:{name}"
    return _whole(Entity(FUNCTION, name, whole, account, region))


def _whole(entity: Entity) -> Entity:
    if not entity.id or any(mark.isspace() or mark in "*?" for mark in entity.id):
        raise BadRequest(entity=entity.arn[:200])
    return entity


_KINDS: dict[tuple[str, str], Callable[[str, str, str, str], Entity]] = {
    ("ec2", "instance/"): _instance,
    ("iam", "user/"): _user,
    ("iam", "role/"): _role,
    ("sts", "assumed-role/"): _session,
    ("lambda", "function:"): _function,
}
