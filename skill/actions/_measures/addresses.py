"""Takes the Elastic IPs away: that cuts flows from the Internet, tracked or not.

An address that AWS assigned at launch stays: it could not be given back, and the isolation group
closes what is behind it.
"""

import contextlib
from functools import partial

from skill.actions._measures import Case, Look
from skill.errors import Conflict, Gone
from skill.model import Facts

NAME = "addresses"
ESSENTIAL = False
PERMISSIONS = {
    "read": ("ec2:DescribeNetworkInterfaces", "ec2:DescribeAddresses"),
    "contain": ("ec2:DisassociateAddress",),
    "release": ("ec2:AssociateAddress",),
}
TAKEN = ("Resource.AlreadyAssociated", "InvalidIPAddress.InUse")


def read(look: Look) -> Facts:
    """Allocation id to where it is: interface, private address, and the association's id."""
    interfaces = [eni.id for eni in look.interfaces]
    rows = look.aws.hosts.addresses(interfaces) if interfaces else []
    return {
        "elastic": {
            row["AllocationId"]: {
                "interface": row["NetworkInterfaceId"],
                "private": row["PrivateIpAddress"],
                "association": row["AssociationId"],
            }
            for row in rows
            if row.get("AssociationId")
        }
    }


def contain(case: Case, before: Facts, now: Facts) -> None:
    elastic = now["elastic"].items()
    works = [(each, partial(_take, case, place["association"])) for each, place in elastic]
    case.every("take addresses", works)


def _take(case: Case, association: str) -> None:
    with contextlib.suppress(Gone):  # taken already
        case.aws.hosts.take_address(association)


def holds(case: Case, before: Facts, now: Facts) -> bool:
    return not now["elastic"]


def release(case: Case, before: Facts, now: Facts) -> None:
    """An address that somebody else uses meanwhile, or whose interface is gone, is not forced."""
    away = {a: p for a, p in before["elastic"].items() if now and a not in now["elastic"]}
    works = [(a, partial(_give, case, a, place)) for a, place in away.items()]
    taken = case.every("give addresses", works)
    before["elastic"] = {a: p for a, p in before["elastic"].items() if a not in taken}
    case.lost(NAME, taken)


def _give(case: Case, allocation: str, place: Facts) -> bool:
    """False if it cannot be given back any more."""
    try:
        case.aws.hosts.give_address(allocation, place["interface"], place["private"])
    except Gone:
        return False
    except Conflict as error:
        if error.facts["code"] not in TAKEN:
            raise
        return False
    return True


def restored(before: Facts, now: Facts) -> bool:
    """Each address is where it was; the association has a new id."""
    there = {allocation: _where(place) for allocation, place in now["elastic"].items()}
    return all(there.get(a) == _where(place) for a, place in before["elastic"].items())


def _where(place: Facts) -> tuple[str, str]:
    return place["interface"], place["private"]
