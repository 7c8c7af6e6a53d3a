"""How much of an action an hour may have: counted in the ledger before it starts, by conditional
writes, so that no number of starts at once goes beyond it.

One item per action holds a count for each five minutes. The last hour's are added up; older ones
are dropped by the next claim. A claim is made once for a run, whoever makes it again: a marker is
written with it. The count is always read before the marker, so that a run that another delivery has
just counted is not taken for one more.
"""

import contextlib
import time
from collections.abc import Iterator
from functools import partial

from skill.aws import Aws
from skill.aws.items import Change
from skill.errors import Refused, Throttled, TobanError, Unsure, caught
from skill.model import Facts

SLOT, HOUR = 300, 3600
KEEP = 2 * HOUR
TRIES = 10
_FAILED = "ConditionalCheckFailed"


def used(aws: Aws, action: str, run: str) -> int:
    """How many targets the runs of an action had that were started within the last hour, but for
    those of one run: what was counted for it before it was killed is not in its own way.
    """
    if action not in aws.settings.caps:
        return 0
    live, _ = _slots(aws.ledger.get(*_counter(action)))
    own = aws.ledger.get(*_marker(run), sure=True) if live else None
    mine = own["doc"]["count"] if own and own["doc"]["slot"] in live else 0
    return max(sum(live.values()) - mine, 0)


def refuse_if_full(aws: Aws, action: str, run: str) -> None:
    """Raises Refused if the hour can have no more of an action and has not counted this run."""
    cap = aws.settings.caps.get(action)
    if cap is None:
        return
    live, _ = _slots(aws.ledger.get(*_counter(action), sure=True))
    before = sum(live.values())
    if before >= cap and not aws.ledger.get(*_marker(run), sure=True):
        raise Refused(reason="hourly", count=1, used=before, cap=cap)


def claim(aws: Aws, run: Facts) -> bool:
    """Count a run's targets before it starts; False if this run is counted already.

    Raises Refused where that would be more than the hour may have.
    """
    action, count = run["action"], len(run["plan"]["targets"])
    cap = aws.settings.caps.get(action)
    if cap is None or not count:
        return False
    for _ in range(TRIES):
        done = _try(aws, run, count, cap)
        if done is not None:
            return done
    raise Throttled(operation="claim", service="toban")


@contextlib.contextmanager
def counted(aws: Aws, run: Facts) -> Iterator[None]:
    """A run is counted and then started. What was counted for one that surely did not start is free
    again, unless an earlier delivery counted it: that one may have started it.
    """
    mine = claim(aws, run)
    try:
        yield
    except Unsure:
        raise
    except TobanError:
        if mine:
            caught(partial(give_back, aws, run))
        raise


def _try(aws: Aws, run: Facts, count: int, cap: int) -> bool | None:
    """One try; None if another claim came between."""
    action = run["action"]
    live, old = _slots(aws.ledger.get(*_counter(action), sure=True))
    if aws.ledger.get(*_marker(run["id"]), sure=True):
        return False
    before = sum(live.values())
    if before + count > cap:
        raise Refused(reason="hourly", count=count, used=before, cap=cap)
    slot = _slot()
    marker = Change.new(*_marker(run["id"]), {"slot": slot, "count": count}, ttl=_ttl())
    why = aws.ledger.transact(marker, _addition(action, count, cap, slot, old))
    if not why:
        return True
    return False if why[0] == _FAILED else None


def give_back(aws: Aws, run: Facts) -> bool:
    """The run did not start after all: what was counted for it is free again."""
    found = aws.ledger.get(*_marker(run["id"]))
    if found is None:
        return False
    slot, count = found["doc"]["slot"], found["doc"]["count"]
    less = Change(
        *_counter(run["action"]),
        "SET used = used - :count, #slot = #slot - :count",
        "attribute_exists(#slot)",
        {"slot": slot},
        {"count": count},
    )
    return not aws.ledger.transact(Change.gone(*_marker(run["id"])), less)


def _addition(action: str, count: int, cap: int, slot: str, old: dict[str, int]) -> Change:
    """Add to the newest count and drop the old ones, unless somebody else just did either."""
    names = {"slot": slot, "ttl": "ttl", **{f"old{at}": name for at, name in enumerate(old)}}
    gone = [f"#old{at}" for at in range(len(old))]
    expired = sum(old.values())
    return Change(
        *_counter(action),
        "SET used = if_not_exists(used, :none) + :more, "
        "#slot = if_not_exists(#slot, :none) + :count, doc = :doc, #ttl = :ttl"
        + (f" REMOVE {', '.join(gone)}" if gone else ""),
        " AND ".join(
            [
                "(attribute_not_exists(pk) OR used <= :most)",
                *(f"attribute_exists({name})" for name in gone),
            ]
        ),
        names,
        {
            "none": 0,
            "count": count,
            "more": count - expired,
            "most": cap - count + expired,
            "doc": "{}",
            "ttl": _ttl(),
        },
    )


def _slots(item: Facts | None) -> tuple[dict[str, int], dict[str, int]]:
    """The counts of the last hour, and older ones, by the name of their attribute."""
    found = {name: n for name, n in (item or {}).items() if name.startswith("s") and name != "sk"}
    first = int(time.time()) - HOUR
    live = {name: n for name, n in found.items() if int(name[1:]) + SLOT > first}
    return live, {name: n for name, n in found.items() if name not in live}


def _slot() -> str:
    return f"s{int(time.time()) // SLOT * SLOT}"


def _counter(action: str) -> tuple[str, str]:
    return f"cap#{action}", "hour"


def _marker(run: str) -> tuple[str, str]:
    return f"run#{run}", "counted"


def _ttl() -> int:
    return int(time.time()) + KEEP
