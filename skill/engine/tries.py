"""Tries of the spoken PIN. Each is counted before the PIN is looked at, so that no number of them
at once goes beyond three; `lock#<person>`/`pin` holds the count for 15 minutes after the last one.
"""

import time

from skill.aws import Aws
from skill.errors import Refused, Throttled
from skill.model import Facts

MOST = 3
SECONDS = 15 * 60
SK = "pin"
_AGAIN = 5
_SETS = "#turn = :turn, expires = :until, #ttl = :until, doc = :doc"
_ONE_MORE = f"SET tries = if_not_exists(tries, :none) + :one, {_SETS}"
_LIVE = "attribute_not_exists(pk) OR (expires > :now AND tries < :most AND #turn <> :turn)"
_FIRST, _OVER = f"SET tries = :one, {_SETS}", "expires = :seen"
_NAMES = ("turn", "ttl")
Given = dict[str, str | int]


def count(aws: Aws, person: str, turn: str) -> int:
    """One more try, in the turn of that key: how many there are with it. A turn that comes again is
    counted once. Raises Refused while the person is locked out.
    """
    for _ in range(_AGAIN):
        now = int(time.time())
        one: Given = {"one": 1, "turn": turn, "until": now + SECONDS, "doc": "{}"}
        more: Given = {**one, "none": 0, "now": now, "most": MOST}
        item, counted = aws.ledger.update(_key(person), SK, _ONE_MORE, _LIVE, _NAMES, more)
        if item and not counted and item["expires"] <= now:
            first: Given = {**one, "seen": item["expires"]}
            item, counted = aws.ledger.update(_key(person), SK, _FIRST, _OVER, _NAMES, first)
        if item and (counted or item["turn"] == turn):
            return int(item["tries"])
        if item and _locked(item, now):
            raise Refused(reason="pin_locked")
    raise Throttled(operation="count", service="toban")


def _locked(item: Facts, now: int) -> bool:
    return bool(item["expires"] > now and item["tries"] >= MOST)


def take_back(aws: Aws, person: str, turn: str) -> None:
    """The PIN of that turn was not looked at after all."""
    given: Given = {"one": 1, "turn": turn}
    less = "SET tries = tries - :one REMOVE #turn"
    aws.ledger.update(_key(person), SK, less, "#turn = :turn", ("turn",), given)


def forget(aws: Aws, person: str) -> None:
    """The right PIN was said: the wrong ones before it do not count any more."""
    aws.ledger.delete(_key(person), SK)


def _key(person: str) -> str:
    return f"lock#{person}"
