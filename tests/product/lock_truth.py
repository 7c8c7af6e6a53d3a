"""A fleet of users, roles and functions to lock, and what AWS tells of each of them."""

from typing import Any

from tests.product.fault_fleet import State, Subject
from tests.product.fleet_world import named, network
from tests.product.lock_world import DENY_ALL, arn, function, principal
from tests.world import Json, Sandbox

OLDER = "TobanRevokeOlderSessions"
OFF = ("Disabled", "Disabling")
PATHS = {"user": "/staff/", "role": "/service/"}


def scenario(count: int) -> Json:
    """u-0, u-1, ... with keys and console; r-0, ...; f-0, ... with queues and a role of its own."""
    numbers = range(count)
    user = {"path": PATHS["user"], "keys": 1, "inactive_keys": 1, "console": True}
    role = {"path": PATHS["role"], "profile": False, "managed": ["ReadOnlyAccess"]}
    own = {"service": "lambda.amazonaws.com", "profile": False, "actions": ["sqs:*"]}
    around = network(named(1, 1))
    roles = {f"r-{n}": role for n in numbers} | {f"own-{n}": own for n in numbers}
    return around | {
        "users": {f"u-{n}": {**user, "policies": ["ReadOnlyAccess"]} for n in numbers},
        "roles": around["roles"] | roles,
        "functions": {
            f"f-{n}": {"role": f"own-{n}", "concurrency": 5, "queues": [f"q-{n}", f"late-{n}"]}
            for n in numbers
        },
    }


def principals(kind: str) -> Subject:
    """All users, or all of those roles."""

    def observed(box: Sandbox) -> State:
        iam = box.aws("iam")
        pages = iam.get_paginator(f"list_{kind}s").paginate(PathPrefix=PATHS[kind])
        rows = [row for page in pages for row in page[f"{kind.title()}s"]]
        names = [str(row[f"{kind.title()}Name"]) for row in rows]
        return {
            name: {
                "arn": arn(box, "iam", f"{kind}{PATHS[kind]}{name}"),
                **principal(box, kind, name),
            }
            for name in names
        }

    return Subject(observed, _unheld_principals, _changed_principal)


def _unheld_principals(box: Sandbox, now: State) -> dict[str, set[str]]:
    return {name: _open(one) for name, one in now.items()}


def _open(one: Json) -> set[str]:
    holds = {
        "deny": DENY_ALL in one["attached"] or "TobanDenyAll" in one["inline"],
        "sessions": OLDER in one["inline"],
        "keys": "Active" not in one.get("keys", {}).values(),
    }
    return {name for name, is_so in holds.items() if not is_so}


def _changed_principal(before: Json, now: Json) -> set[str]:
    same = {
        "deny": before["attached"] == now["attached"] and "TobanDenyAll" not in now["inline"],
        "sessions": OLDER not in now["inline"],
        "keys": before.get("keys") == now.get("keys"),
    }
    return {name for name, is_so in same.items() if not is_so}


def _functions(box: Sandbox) -> State:
    pages = box.aws("lambda").get_paginator("list_functions").paginate()
    names = [str(row["FunctionName"]) for page in pages for row in page["Functions"]]
    return {name: _function(box, name) for name in names if name.startswith("f-")}


def _function(box: Sandbox, name: str) -> Json:
    found: dict[str, Any] = function(box, name)
    on = {uuid: state not in OFF for uuid, state in found.pop("mappings").items()}
    return {"arn": arn(box, "lambda", f"function:{name}"), **found, "on": on}


def _unheld_functions(box: Sandbox, now: State) -> dict[str, set[str]]:
    return {name: _running(one) for name, one in now.items()}


def _running(one: Json) -> set[str]:
    holds = {
        "concurrency": one["reserved"] == 0,
        "mappings": not any(one["on"].values()),
        "execution": DENY_ALL in one["role"]["attached"] or bool(one["role"]["inline"]),
    }
    return {name for name, is_so in holds.items() if not is_so}


def _changed_function(before: Json, now: Json) -> set[str]:
    parts = {"reserved": "concurrency", "on": "mappings", "role": "execution"}
    return {measure for part, measure in parts.items() if before[part] != now[part]}


SUBJECTS = {
    "user": principals("user"),
    "role": principals("role"),
    "function": Subject(_functions, _unheld_functions, _changed_function),
}
