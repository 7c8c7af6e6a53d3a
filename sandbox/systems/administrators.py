"""Inspector's delegated administrator: per Region, an account that sees what its members have."""

from typing import Any

from moto.inspector2.models import inspector2_backends


def seen(backend: Any) -> list[str]:
    """The accounts that an account sees in a Region: itself, and those that are its members."""
    enabled = [one.account_id for one in backend.members.values() if one.status == "ENABLED"]
    return list(dict.fromkeys([backend.account_id, *enabled]))


def of(account: str, region: str) -> list[str]:
    """Who else sees what an account has in a Region."""
    others = [(name, regions) for name, regions in list(inspector2_backends.items())]
    return [
        name
        for name, regions in others
        if name != account and region in regions and account in seen(regions[region])
    ]
