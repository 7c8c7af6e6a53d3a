"""Public IPv4 addresses: Elastic IPs, each on one private address, and the one that EC2 lends.

An interface shows the Elastic IP of its primary private address, else the address that it was
lent. What is lent goes when an Elastic IP comes, and another is lent when that leaves, or at the
next start; but not to an instance with a second interface or with an Elastic IP on a secondary
address (all documented). What AssociatePublicIpAddress does to a running instance is a guess:
`false` takes the lent address away, `true` lends another one under the same rules.
"""

from typing import Any

from moto.ec2.utils import random_eip_association_id
from moto.moto_api._internal import mock_random as random

View = dict[str, Any]


def elastic(eni: Any) -> dict[str, Any]:
    """The Elastic IPs of an interface by private address."""
    return {each.ext_private: each for each in eni.ec2_backend.addresses if each.eni is eni}


def public(eni: Any) -> str | None:
    """The public address that belongs to the primary private address."""
    found = elastic(eni).get(eni.private_ip_address)
    lent: str | None = eni.__dict__.get("ext_lent")
    return found.public_ip if found else lent


def lend(eni: Any) -> None:
    """Give a public address to an interface that shall have one and may."""
    wanted = str(eni.public_ip_auto_assign).lower() == "true"
    if wanted and _may_borrow(eni) and public(eni) is None:
        eni.ext_lent = fresh(eni.ec2_backend)


def _may_borrow(eni: Any) -> bool:
    owner = eni.instance
    alone = owner is None or len(owner.nics) == 1
    return eni.device_index == 0 and alone and not elastic(eni)


def fresh(backend: Any) -> str:
    """A public address that nobody has."""
    taken = {each.public_ip for each in backend.addresses}
    taken |= {eni.__dict__.get("ext_lent") for eni in backend.enis.values()}
    while True:
        parts = [random.randint(16, 31), random.randint(0, 255), random.randint(1, 254)]
        made = f"54.{'.'.join(map(str, parts))}"
        if made not in taken:
            return made


def bind(address: Any, eni: Any, private: str) -> str:
    """Put an Elastic IP on a private address, whatever was on either side; its association id."""
    if address.eni is eni and address.ext_private == private:
        return str(address.association_id)
    for other in (elastic(eni).get(private), address):
        if other is not None and other.eni is not None:
            unbind(other, lending=False)
    address.eni, address.instance, address.ext_private = eni, eni.instance, private
    address.association_id = random_eip_association_id()
    if private == eni.private_ip_address:
        eni.ext_lent = None
    return str(address.association_id)


def unbind(address: Any, lending: bool = True) -> None:
    """Take an Elastic IP off; it stays allocated."""
    eni = address.eni
    address.eni = address.instance = address.association_id = address.ext_private = None
    if lending and eni and eni.instance and eni.instance.state == "running":
        lend(eni)


def association(eni: Any, private: str) -> View | None:
    """What the public side of a private address looks like on the wire."""
    found = elastic(eni).get(private)
    lent = public(eni) if private == eni.private_ip_address else None
    shown = found.public_ip if found else lent
    if shown is None:
        return None
    return {
        "allocationId": found.allocation_id if found else None,
        "associationId": found.association_id if found else None,
        "ipOwnerId": eni.owner_id if found else "amazon",
        "publicDnsName": dns_name(eni, shown),
        "publicIp": shown,
    }


def dns_name(eni: Any, shown: str) -> str:
    """The public name of an address."""
    region = eni.ec2_backend.region_name
    zone = "compute-1" if region == "us-east-1" else f"{region}.compute"
    return f"ec2-{shown.replace('.', '-')}.{zone}.amazonaws.com"


def view(address: Any) -> View:
    """An Elastic IP as DescribeAddresses shows it."""
    eni, region = address.eni, address.ec2_backend.region_name
    tags = address.ec2_backend.tags.get(address.id) or {}
    owner = eni.instance if eni else None
    return {
        "instanceId": owner.id if owner else None,
        "publicIp": address.public_ip,
        "allocationId": address.allocation_id,
        "associationId": address.association_id,
        "domain": "vpc",
        "networkInterfaceId": eni.id if eni else None,
        "networkInterfaceOwnerId": eni.owner_id if eni else None,
        "privateIpAddress": address.ext_private if eni else None,
        "publicIpv4Pool": "amazon",
        "networkBorderGroup": region,
        "tagSet": [{"key": key, "value": value} for key, value in tags.items()] or None,
    }
