"""What the deployer set, read once from the environment that template.yaml gives."""

import json
import os
from collections.abc import Callable, Mapping
from dataclasses import MISSING, Field, dataclass, field, fields
from typing import Any, Self

DEFAULT_CAPS = {
    "isolate": 10,
    "lock_principal": 10,
    "lock_function": 10,
    "release": 20,
    "block_source": 10,
    "patch": 1000,
    "assess": 5000,
}
# How many days a finding of a severity may stay open.
OVERDUE_DAYS = {"CRITICAL": 3, "HIGH": 14, "MEDIUM": 30}


@dataclass(frozen=True)
class Settings:
    """Names, lists and limits. Lists are exact ids, but for `tag_principals`, which may hold
    `*`. Severities are GuardDuty's; 0 for `contain_severity` is never.
    """

    table: str
    workflow_arn: str
    skill_id: str = ""
    group_tag: str = "Role"
    responder_persons: tuple[str, ...] = ()
    viewer_users: tuple[str, ...] = ()
    tag_principals: tuple[str, ...] = ()
    contain_severity: float = 0.0
    propose_severity: float = 4.0
    slack_approvers: tuple[str, ...] = ()
    proposal_minutes: int = 60
    pin_parameter: str = ""
    audit_topic: str = ""
    slack_secret: str = ""
    slack_signing_secret: str = ""
    lockdown_secret: str = ""
    ticket_secret: str = ""
    flow_log_group: str = ""
    dead_letters: tuple[str, ...] = ()
    locale: str = "en-US"
    evidence_bucket: str = ""
    examiner_cidr: str = ""
    metadata_off: bool = False
    revoke_sessions: bool = False
    member_accounts: tuple[str, ...] = ()
    account_names: Mapping[str, str] = field(default_factory=dict)
    member_role: str = ""
    member_external_id: str = field(default="", repr=False)
    finding_score: float = 7.0
    findings_window: int = 120
    playbook_url: str = ""
    overdue_days: Mapping[str, int] = field(default_factory=lambda: OVERDUE_DAYS)
    unpatched_days: int = 30
    request_cap: int = 1000
    caps: Mapping[str, int] = field(default_factory=lambda: DEFAULT_CAPS)

    def arn(self, service: str, resource: str, account: str = "", region: str = "") -> str:
        """The ARN of something of ours: partition, Region and account are the workflow's, unless
        it is elsewhere.
        """
        place = f"{region or self.region}:{account or self.account}"
        return f"arn:{self.partition}:{service}:{place}:{resource}"

    @property
    def partition(self) -> str:
        return self.workflow_arn.split(":")[1]

    @property
    def region(self) -> str:
        return self.workflow_arn.split(":")[3]

    @property
    def account(self) -> str:
        return self.workflow_arn.split(":")[4]

    @property
    def stack(self) -> str:
        """The stack's name, which the names of our own functions and roles begin with."""
        return self.workflow_arn.split(":")[6].removesuffix("-workflow")

    @classmethod
    def read(cls, env: Mapping[str, str] | None = None) -> Self:
        """Settings from `TOBAN_*`: what is empty or not there has its default; a missing table or
        workflow is a broken deployment (KeyError).
        """
        env = os.environ if env is None else env
        given = {one.name: _text(env, one) for one in fields(cls)}
        kinds = {one.name: one.type for one in fields(cls)}
        read = {name: READERS.get(name) or READERS[kinds[name]] for name in given}
        return cls(**{name: read[name](text) for name, text in given.items() if text})


def _text(env: Mapping[str, str], one: "Field[Any]") -> str:
    """A field's variable: its name in capitals, as a rule."""
    name = VARIABLES.get(one.name, f"TOBAN_{one.name.upper()}")
    optional = one.default is not MISSING or one.default_factory is not MISSING
    return env.get(name, "") if optional else env[name]


def _list(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(",") if part.strip())


def _named(text: str) -> dict[str, str]:
    """`222222222222=staging,..` as names by account."""
    return dict(row.split("=", 1) for row in _list(text) if "=" in row)


def _days(text: str) -> dict[str, int]:
    """`critical=3,high=14` as days by severity; the others have theirs."""
    pairs = (part.split("=") for part in _list(text))
    return OVERDUE_DAYS | {name.upper(): int(days) for name, days in pairs}


def _caps(text: str) -> dict[str, int]:
    given: dict[str, int] = json.loads(text)
    return DEFAULT_CAPS | given


VARIABLES = {"group_tag": "TOBAN_GROUP_TAG_KEY"}
# How a field is read: by its name, else by its type.
READERS: Mapping[Any, Callable[[str], Any]] = {
    str: str,
    int: int,
    float: float,
    bool: lambda text: text == "on",
    tuple[str, ...]: _list,
    "account_names": _named,
    "playbook_url": lambda text: text.rstrip("/"),
    "overdue_days": _days,
    "caps": _caps,
}
