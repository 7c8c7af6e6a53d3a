"""Reserves no concurrency for the function: no version of it starts again.

Calls that are running go on to their end, at most 15 minutes; events that were sent to it wait and
are tried for up to six hours. Where provisioned concurrency stands against it (as Lambda's error
says; when it does is not documented), that is taken away first, and given back at release.
"""

from functools import partial

from skill.actions._measures import Case, Look
from skill.errors import Conflict
from skill.model import Facts

NAME = "concurrency"
ESSENTIAL = True
PERMISSIONS = {
    "read": ("lambda:GetFunctionConcurrency", "lambda:ListProvisionedConcurrencyConfigs"),
    "contain": (
        "lambda:DeleteProvisionedConcurrencyConfig",
        "lambda:ListProvisionedConcurrencyConfigs",
        "lambda:PutFunctionConcurrency",
    ),
    "release": (
        "lambda:DeleteFunctionConcurrency",
        "lambda:PutFunctionConcurrency",
        "lambda:PutProvisionedConcurrencyConfig",
    ),
}


def read(look: Look) -> Facts:
    """{"reserved": n, "provisioned": {version or alias: n}}; None where the function shares the
    account's concurrency.
    """
    name, ask = look.entity.id, look.aws.functions
    reserved, ready = look.aws.gather(lambda: ask.reserved(name), lambda: ask.provisioned(name))
    return {"reserved": reserved, "provisioned": ready}


def contain(case: Case, before: Facts, now: Facts) -> None:
    case.step("reserve nothing", lambda: _stop(case))


def _stop(case: Case) -> bool:
    name, there = case.entity.id, case.aws.functions
    try:
        there.reserve(name, 0)
    except Conflict:
        ready = there.provisioned(name)
        if not ready:
            raise
        for qualifier in ready:
            there.unprovide(name, qualifier)
        there.reserve(name, 0)
    return True


def holds(case: Case, before: Facts, now: Facts) -> bool:
    return bool(now["reserved"] == 0)


def release(case: Case, before: Facts, now: Facts) -> None:
    """A number that somebody else set meanwhile stays. Refused where too little is unreserved."""
    if now["reserved"] == 0 and before["reserved"] != 0:
        case.step("reserve as before", lambda: _reserve(case, before["reserved"]))
    lost = {q: n for q, n in before["provisioned"].items() if q not in now["provisioned"]}
    case.every("provide", [(q, partial(_provide, case, q, n)) for q, n in lost.items()])


def _reserve(case: Case, concurrency: int | None) -> bool:
    case.aws.functions.reserve(case.entity.id, concurrency)
    return True


def _provide(case: Case, qualifier: str, concurrency: int) -> bool:
    case.aws.functions.provide(case.entity.id, qualifier, concurrency)
    return True


def restored(before: Facts, now: Facts) -> bool:
    back = now["reserved"] == before["reserved"] or now["reserved"] != 0
    return back and set(before["provisioned"]) <= set(now["provisioned"])
