"""The resources of EC2 calls, as the Service Authorization Reference lists them.

The finder yields rows of (action, resource ARN, context) for `access.needed`: every resource that
a request names, those that it means without naming them, and those that it makes.
"""

import re
from collections.abc import Iterator
from typing import Any

from moto.ec2.models import ec2_backends
from moto.iam import iam_backends

from sandbox.ext.ec2_base import instance_index
from sandbox.runtime.calls import Call

Context = dict[str, list[str]]
Row = tuple[str, str | None, Context]

KINDS = {
    "acl": "network-acl",
    "eipalloc": "elastic-ip",
    "eni": "network-interface",
    "fl": "vpc-flow-log",
    "i": "instance",
    "igw": "internet-gateway",
    "nat": "natgateway",
    "rtb": "route-table",
    "sg": "security-group",
    "sgr": "security-group-rule",
    "snap": "snapshot",
    "subnet": "subnet",
    "vol": "volume",
    "vpc": "vpc",
}
MADE = {
    "AllocateAddress": "elastic-ip",
    "CreateNetworkInterface": "network-interface",
    "CreateSecurityGroup": "security-group",
    "CreateSnapshot": "snapshot",
    "CreateSnapshots": "snapshot",
    "CreateVolume": "volume",
}
"""What an operation makes, which it may tag at once."""
READS = {
    "DescribeInstanceAttribute",
    "DescribeNetworkInterfaceAttribute",
    "GetConsoleOutput",
    "GetConsoleScreenshot",
}
"""Reading operations that are about one resource; all others are about everything."""
_ID = re.compile(rf"^({'|'.join(KINDS)})-[0-9a-f]+$")
_TAG = re.compile(r"^(?:TagSpecification\.\d+\.)?Tag\.(\d+)\.(Key|Value)$")
_NO_RESOURCE = re.compile(r"Filter|Exclude|Tag\.\d+\.")


def ec2(call: Call, action: str) -> Iterator[Row]:
    """Everything that a call to EC2 is about; nothing for a listing."""
    if call.operation.startswith(("Describe", "Get")) and call.operation not in READS:
        return
    requested = _requested_tags(call.params)
    context = requests(requested) | _attributes(call) | {"ec2:region": [call.region]}
    for name in dict.fromkeys([*_named(call), *_meant(call)]):
        yield action, arn(call, name), context | tags(call, name)
    if kind := MADE.get(call.operation):
        new = _arn(call, kind, "*")
        yield action, new, context
        if requested:
            yield "ec2:CreateTags", new, context | {"ec2:createaction": [call.operation]}
    yield from _passed(call)


def _named(call: Call) -> list[str]:
    return [
        value
        for key, value in call.params.items()
        if _ID.match(str(value)) and not _NO_RESOURCE.search(key)
    ]


def _meant(call: Call) -> Iterator[str]:
    """Resources behind an association, and the volumes of an instance that is snapshot."""
    backend: Any = ec2_backends[call.account][call.region]
    wanted = call.params.get("AssociationId")
    if call.operation == "DisassociateAddress":
        for address in backend.addresses:
            if wanted and address.association_id == wanted:
                yield from (address.allocation_id, address.eni.id)
    if call.operation.endswith("IamInstanceProfile") or "ProfileAssociation" in call.operation:
        links = backend.iam_instance_profile_associations.values()
        yield from (link.instance_id for link in links if link.association_id == wanted)
    if call.operation == "CreateSnapshots":
        named = call.params.get("InstanceSpecification.InstanceId", "")
        instance = instance_index(backend).get(named)
        disks = instance.block_device_mapping.values() if instance else ()
        left_out = {value for key, value in call.params.items() if "Exclude" in key}
        yield from (disk.volume_id for disk in disks if disk.volume_id not in left_out)


def _passed(call: Call) -> Iterator[Row]:
    """The role that an instance profile hands to an instance."""
    named = (call.params.get("IamInstanceProfile.Name"), call.params.get("IamInstanceProfile.Arn"))
    for profile in iam_backends[call.account]["aws"].instance_profiles.values():
        if profile.name in named or profile.arn in named:
            for role in profile.roles:
                yield "iam:PassRole", role.arn, {"iam:passedtoservice": ["ec2.amazonaws.com"]}


def _attributes(call: Call) -> Context:
    """Which attribute a call changes, and to what."""
    if not re.fullmatch(r"Modify\w+Attribute", call.operation):
        return {}
    rows = {
        key.split(".")[0]: str(value)
        for key, value in call.params.items()
        if key.endswith(".Value") and "Tag." not in key
    }
    found = {f"ec2:attribute/{name.lower()}": [value] for name, value in rows.items()}
    return found | ({"ec2:attribute": list(rows)} if rows else {})


def _arn(call: Call, kind: str, name: str) -> str:
    owner = "" if kind == "snapshot" else call.account
    return f"arn:aws:ec2:{call.region}:{owner}:{kind}/{name}"


def arn(call: Call, name: str) -> str:
    """The ARN of a resource, told by its id; snapshots have no account in theirs."""
    return _arn(call, KINDS[name.split("-")[0]], name)


def tags(call: Call, name: str) -> Context:
    """The tags that a resource has, as condition keys of AWS and of EC2."""
    held = ec2_backends[call.account][call.region].tags.get(name) or {}
    return {
        f"{prefix}:resourcetag/{key.lower()}": [value]
        for key, value in held.items()
        for prefix in ("aws", "ec2")
    }


def requests(wanted: dict[str, str]) -> Context:
    """The tags that a request sets, as condition keys."""
    found = {f"aws:requesttag/{key.lower()}": [value] for key, value in wanted.items()}
    return found | {"aws:tagkeys": list(wanted)}


def _requested_tags(params: dict[str, Any]) -> dict[str, str]:
    found: dict[str, dict[str, str]] = {}
    for name, value in params.items():
        if match := _TAG.match(name):
            found.setdefault(match[1], {})[match[2]] = value
    return {row["Key"]: row.get("Value", "") for row in found.values() if "Key" in row}
