"""Evidence about one instance: flows by source from the flow logs, open findings, who shares its
role.
"""

import json
from collections import defaultdict
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address, ip_network
from typing import Any

from skill.actions import _targets
from skill.aws import Aws
from skill.model import Facts

HOURS = 72
TOP = 3
# Not `is_private`: that also holds the documentation ranges, which are strangers like any other.
_OURS = [
    ip_network(n)
    for n in ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "fc00::/7")
]


def ask(aws: Aws, interfaces: Sequence[str], addresses: Sequence[str]) -> str:
    """Start the query over the last three days; its id."""
    until = datetime.now(UTC)
    return aws.logs.start(
        interfaces, addresses, until - timedelta(hours=HOURS), until + timedelta(hours=1)
    )


def read(aws: Aws, query: str) -> Facts | None:
    """Totals and worst sources of a finished query; None while it runs."""
    rows = aws.logs.rows(query)
    return None if rows is None else summary(rows)


def summary(rows: Sequence[dict[str, str]]) -> Facts:
    """Flows by source, most rejected first. A flow record is an aggregate, so every count is "at
    least".
    """
    sources: dict[str, dict[str, Any]] = defaultdict(
        lambda: {"rejected": 0, "accepted": 0, "ports": {}}
    )
    for row in rows:
        source = sources[row.get("srcAddr", "")]
        flows = int(float(row.get("flows", 0)))
        source["rejected" if row.get("action") == "REJECT" else "accepted"] += flows
        port = row.get("dstPort", "")
        source["ports"][port] = source["ports"].get(port, 0) + flows
    ranked = sorted(
        sources.items(), key=lambda item: (outside(item[0]), item[1]["rejected"]), reverse=True
    )
    top = [_source(address, counts) for address, counts in ranked[:TOP]]
    return {
        "sources": len(sources),
        "rejected": sum(each["rejected"] for each in sources.values()),
        "accepted": sum(each["accepted"] for each in sources.values()),
        "top": top,
        "attacker": next((one for one in top if one["outside"] and one["rejected"]), None),
        "hours": HOURS,
    }


def _source(address: str, counts: dict[str, Any]) -> Facts:
    ports = sorted(counts["ports"], key=lambda port: -counts["ports"][port])
    return {
        "address": address,
        "rejected": counts["rejected"],
        "accepted": counts["accepted"],
        "ports": ports[:3],
        "outside": outside(address),
    }


def outside(address: str) -> bool:
    """Whether an address can be a stranger's: not ours, not reserved for the network itself."""
    try:
        parsed = ip_address(address)
    except ValueError:
        return False
    inside = (
        parsed.is_loopback or parsed.is_link_local or parsed.is_multicast or parsed.is_unspecified
    )
    return not inside and not _private(address)


def _private(address: str) -> bool:
    parsed = ip_address(address)
    return any(parsed in network for network in _OURS if network.version == parsed.version)


def findings(aws: Aws, instance: str) -> Facts:
    counts = aws.watch().of_instances([instance]).get(instance)
    return {"critical": counts.critical if counts else 0, "high": counts.high if counts else 0}


def shared(aws: Aws, instance: str, profile: str) -> Facts:
    """How many other live instances hold the same role's credentials."""
    others = _targets.sharing(aws, instance, profile)
    return {"shared": len(others), "role": _targets.short_role(profile)}


def keep(aws: Aws, instance: str, facts: Facts) -> bool:
    """The newest evidence of an instance, for answers that cannot wait for the flow logs."""
    at = datetime.now(UTC).isoformat(timespec="milliseconds")
    doc = {**facts, "id": instance, "at": at}
    return aws.ledger.put(
        f"entity#{instance}", "evidence", doc, kind="evidence", at=at, head=json.dumps(doc)
    )


def newest(aws: Aws, hours: int = HOURS) -> dict[str, Facts]:
    """The kept evidence by instance id, in one call."""
    since = (datetime.now(UTC) - timedelta(hours=hours)).isoformat()
    heads = aws.ledger.newest("evidence", since)
    return {head["id"]: head for head in reversed(heads)}
