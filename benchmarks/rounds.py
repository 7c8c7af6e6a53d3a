"""How many AWS calls of a turn happened one after the other."""

from tests.world import Json


def in_sequence(calls: list[Json]) -> int:
    """The length of the longest chain of calls, each begun after the one before had ended.

    A call that needs another's answer begins after it, so no dependency goes deeper than this.
    Independent calls overlap, unless the machine is too busy to start them in time: the count can
    only be too high. Rows are those of `GET {control}/calls`: `at` in seconds, `ms` taken.
    """
    chain, free = 0, 0.0
    for began, ended in sorted(map(_span, calls), key=lambda span: span[1]):
        if began >= free:
            chain, free = chain + 1, ended
    return chain


def _span(call: Json) -> tuple[float, float]:
    return call["at"], call["at"] + call["ms"] / 1000
