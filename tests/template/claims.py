"""What the roles must hold to, as claims that statements keep or break.

`broken(holder, rows)` gives the claims that a role with these statements would break. Holders are
the four functions and the two member roles.
"""

import re
from collections.abc import Iterator
from typing import Any

from sandbox.runtime.access import Access
from sandbox.runtime.policies import permits
from tests.template.names import ACCOUNT
from tests.template.questions import MAY, NEVER, Question
from tests.template.translate import Tree, listed

READS = re.compile(r"\w+:(Describe|Get|List|Query|BatchGet|StartQuery)")
TABLE = ["<TobanTable.Arn>", "<TobanTable.Arn>/index/by-time"]
ITEMS = {
    f"dynamodb:{name}": TABLE
    for name in ("GetItem", "PutItem", "UpdateItem", "DeleteItem", "Query")
}
_FLOWS = f"arn:aws:logs:us-east-1:{ACCOUNT}:log-group:/toban/flow-logs"
LOGS = {f"logs:{name}": [_FLOWS, f"{_FLOWS}:*"] for name in ("StartQuery", "GetQueryResults")}
START = {"lambda:InvokeFunction": ["<WorkflowFunctionAliaslive>"]}
_WORKFLOW = f"arn:aws:lambda:us-east-1:{ACCOUNT}:function:toban-workflow"
ANSWER = {"lambda:SendDurableExecutionCallbackSuccess": [f"{_WORKFLOW}:*", _WORKFLOW]}
# Spelled out where the function cannot refer to its own alias.
START_ITSELF = {"lambda:InvokeFunction": [f"{_WORKFLOW}:live"]}
TRACKER = f"arn:aws:secretsmanager:us-east-1:{ACCOUNT}:secret:<TicketWebhookSecret>-??????"
TELL = {"sns:Publish": ["<AuditTopic>"]}
READ_ELSEWHERE = {"sts:AssumeRole": ["arn:aws:iam::*:role/toban-member-read"]}
CONTAIN_ELSEWHERE = {"sts:AssumeRole": ["arn:aws:iam::*:role/toban-member-contain"]}
# What the engine needs beside the actions, and the only resources that it needs it for.
ENGINE: dict[str, dict[str, list[str]]] = {
    "voice": ITEMS
    | LOGS
    | START
    | READ_ELSEWHERE
    | {"ssm:GetParameter": [f"arn:aws:ssm:us-east-1:{ACCOUNT}:parameter/toban/pin"]},
    "events": ITEMS
    | START
    | TELL
    | READ_ELSEWHERE
    | {
        "sqs:SendMessage": ["<EventsDlq.Arn>"],
        "sqs:GetQueueAttributes": ["<EventsDlq.Arn>", "<WorkflowDlq.Arn>"],
        "sqs:ReceiveMessage": ["<EventsDlq.Arn>", "<WorkflowDlq.Arn>"],
        "secretsmanager:GetSecretValue": ["<LockdownSecret>", "<SlackSecret>"],
    },
    "slack": ITEMS
    | START
    | TELL
    | READ_ELSEWHERE
    | {"secretsmanager:GetSecretValue": ["<SlackSecret>", "<SlackSigningSecret>"]},
    "workflow": ITEMS
    | LOGS
    | START_ITSELF
    | TELL
    | ANSWER
    | CONTAIN_ELSEWHERE
    | {
        "sqs:SendMessage": ["<WorkflowDlq.Arn>"],
        "secretsmanager:GetSecretValue": ["<SlackSecret>", TRACKER],
        "s3:PutObject": ["<EvidenceBucket.Arn>/*"],
        "s3:ListBucket": ["<EvidenceBucket.Arn>"],
    },
    "read": {},
    "contain": {},
}
# The only holders that change what is not Toban's own.
CHANGERS = ("workflow", "contain")
# AWS offers no resource to limit it to.
UNLIMITED = {"ssm:CreateOpsItem"}


def may(rows: list[Tree], asked: Question) -> bool:
    return permits(rows, Access(*asked))


def pairs(rows: list[Tree]) -> list[tuple[str, str]]:
    """(action, resource) of everything that is allowed."""
    return [
        (action, resource)
        for row in rows
        if row["Effect"] == "Allow"
        for action in listed(row["Action"])
        for resource in listed(row["Resource"])
    ]


def broken(holder: str, rows: list[Tree]) -> list[str]:
    """The claims that a role with these statements breaks, each as one line."""
    return [*_by_form(rows), *_by_engine(holder, rows), *_by_question(holder, rows)]


def _by_form(rows: list[Tree]) -> Iterator[str]:
    """No wildcard in an action, nothing by exclusion, nothing but reads on everything."""
    for row in rows:
        if row["Effect"] not in ("Allow", "Deny") or {"NotAction", "NotResource"} & set(row):
            yield f"form of {row}"
    for action, resource in pairs(rows):
        if "*" in action:
            yield f"wildcard {action}"
        if resource == "*" and not READS.match(action) and action not in UNLIMITED:
            yield f"{action} on everything"


def _by_engine(holder: str, rows: list[Tree]) -> Iterator[str]:
    """What the engine needs, on its own resources alone; other writes only for changers."""
    own = ENGINE[holder]
    for action, resource in pairs(rows):
        if action in own and resource not in own[action]:
            yield f"{action} on {resource}"
        if action not in own and not READS.match(action) and holder not in CHANGERS:
            yield f"{holder} writes {action}"
    for action in own.keys() - {action for action, _ in pairs(rows)}:
        yield f"{holder} lacks {action}"


def _by_question(holder: str, rows: list[Tree]) -> Iterator[str]:
    for asked in NEVER:
        if may(rows, asked):
            yield f"may {asked}"
    for asked in MAY:
        if may(rows, asked) != (holder in CHANGERS):
            yield f"{holder} and {asked}"


def mutants(rows: list[Tree]) -> Iterator[tuple[str, list[Tree]]]:
    """The statements with one limit less: each denial, condition, and resource in turn."""
    for at, row in enumerate(rows):
        if row["Effect"] == "Deny":
            yield f"without {row['Sid']}", [*rows[:at], *rows[at + 1 :]]
            continue
        for weaker in _weakened(row):
            yield f"weaker {row.get('Sid')}: {weaker}", [*rows[:at], weaker, *rows[at + 1 :]]


def _weakened(row: Tree) -> Iterator[Tree]:
    conditions: dict[str, Any] = row.get("Condition", {})
    for name in conditions:
        yield row | {"Condition": {key: one for key, one in conditions.items() if key != name}}
    if row["Resource"] != "*" and not all(READS.match(one) for one in listed(row["Action"])):
        yield row | {"Resource": "*"}
