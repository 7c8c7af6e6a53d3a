"""One run of a lane at a time on a target: held by a conditional write, let go at the end.

Policy refuses a busy target when it is asked about; this is for two runs that were asked for in
the same moment. A run that dies without letting go loses its hold after two hours.
"""

import time

from skill.actions import ACTIONS
from skill.aws import Aws
from skill.engine import records
from skill.errors import Refused
from skill.model import Facts

SECONDS = 2 * 3600
# A fleet's patch run touches nothing that two runs could set against each other.
MOST = 20
_FREE = "attribute_not_exists(pk) OR holder = :run OR expires < :now"


def take(aws: Aws, run: Facts) -> bool:
    """Hold every target of a run. Raises Refused for the first that another run holds."""
    now = int(time.time())
    for target in _targets(run):
        free = aws.ledger.put(
            f"entity#{target['id']}",
            _lane(run),
            {},
            _FREE,
            {"run": run["id"], "now": now},
            holder=run["id"],
            expires=now + SECONDS,
            ttl=now + SECONDS,
        )
        if not free and not _take_over(aws, run, target, now):
            raise Refused(reason="busy", action=run["action"], names=[target["name"]])
    return True


def _take_over(aws: Aws, run: Facts, target: Facts, now: int) -> bool:
    """Hold what a run still holds that has ended: it could not let go."""
    key, lane = f"entity#{target['id']}", _lane(run)
    held = aws.ledger.get(key, lane)
    holder = records.get(aws, held["holder"]) if held else None
    if held and not (holder and holder["ended"]):
        return False
    expires = now + SECONDS
    given = {"gone": held["holder"] if held else run["id"]}
    condition = "attribute_not_exists(pk) OR holder = :gone"
    more = {"holder": run["id"], "expires": expires, "ttl": expires}
    return aws.ledger.put(key, lane, {}, condition, given, **more)


def drop(aws: Aws, run: Facts) -> bool:
    """Let go of what this run holds, and of nothing else."""
    for target in _targets(run):
        aws.ledger.delete_if(
            f"entity#{target['id']}", _lane(run), "holder = :run", {"run": run["id"]}
        )
    return True


def _lane(run: Facts) -> str:
    return f"hold#{ACTIONS[run['action']].lane}"


def _targets(run: Facts) -> list[Facts]:
    targets: list[Facts] = run["plan"]["targets"]
    lane = ACTIONS[run["action"]].lane
    return targets if lane and len(targets) <= MOST else []
