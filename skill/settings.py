"""What the deployer set, read once from the environment that template.yaml gives."""

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Self

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
        """Settings from `TOBAN_*`; a missing table or workflow is a broken deployment
        (KeyError).
        """
        env = os.environ if env is None else env
        return cls(
            table=env["TOBAN_TABLE"],
            workflow_arn=env["TOBAN_WORKFLOW_ARN"],
            skill_id=env.get("TOBAN_SKILL_ID", ""),
            group_tag=env.get("TOBAN_GROUP_TAG_KEY") or "Role",
            responder_persons=_list(env, "TOBAN_RESPONDER_PERSONS"),
            viewer_users=_list(env, "TOBAN_VIEWER_USERS"),
            tag_principals=_list(env, "TOBAN_TAG_PRINCIPALS"),
            contain_severity=float(env.get("TOBAN_CONTAIN_SEVERITY") or 0),
            propose_severity=float(env.get("TOBAN_PROPOSE_SEVERITY") or 4),
            slack_approvers=_list(env, "TOBAN_SLACK_APPROVERS"),
            proposal_minutes=int(env.get("TOBAN_PROPOSAL_MINUTES") or 60),
            pin_parameter=env.get("TOBAN_PIN_PARAMETER", ""),
            audit_topic=env.get("TOBAN_AUDIT_TOPIC", ""),
            slack_secret=env.get("TOBAN_SLACK_SECRET", ""),
            ticket_secret=env.get("TOBAN_TICKET_SECRET", ""),
            slack_signing_secret=env.get("TOBAN_SLACK_SIGNING_SECRET", ""),
            lockdown_secret=env.get("TOBAN_LOCKDOWN_SECRET", ""),
            flow_log_group=env.get("TOBAN_FLOW_LOG_GROUP", ""),
            dead_letters=_list(env, "TOBAN_DEAD_LETTERS"),
            locale=env.get("TOBAN_LOCALE") or "en-US",
            evidence_bucket=env.get("TOBAN_EVIDENCE_BUCKET", ""),
            examiner_cidr=env.get("TOBAN_EXAMINER_CIDR", ""),
            metadata_off=env.get("TOBAN_METADATA_OFF") == "on",
            revoke_sessions=env.get("TOBAN_REVOKE_SESSIONS") == "on",
            member_accounts=_list(env, "TOBAN_MEMBER_ACCOUNTS"),
            account_names=_named(env, "TOBAN_ACCOUNT_NAMES"),
            member_role=env.get("TOBAN_MEMBER_ROLE", ""),
            member_external_id=env.get("TOBAN_MEMBER_EXTERNAL_ID", ""),
            finding_score=float(env.get("TOBAN_FINDING_SCORE") or 7.0),
            findings_window=int(env.get("TOBAN_FINDINGS_WINDOW") or 120),
            playbook_url=env.get("TOBAN_PLAYBOOK_URL", "").rstrip("/"),
            overdue_days=OVERDUE_DAYS | _days(env.get("TOBAN_OVERDUE_DAYS", "")),
            unpatched_days=int(env.get("TOBAN_UNPATCHED_DAYS") or 30),
            request_cap=int(env.get("TOBAN_REQUEST_CAP") or 1000),
            caps=DEFAULT_CAPS | json.loads(env.get("TOBAN_CAPS") or "{}"),
        )


def _list(env: Mapping[str, str], name: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in env.get(name, "").split(",") if part.strip())


def _named(env: Mapping[str, str], name: str) -> dict[str, str]:
    """`222222222222=staging,..` as names by account."""
    return dict(row.split("=", 1) for row in _list(env, name) if "=" in row)


def _days(text: str) -> dict[str, int]:
    """`critical=3,high=14` as days by severity."""
    pairs = (part.strip().split("=") for part in text.split(",") if part.strip())
    return {name.upper(): int(days) for name, days in pairs}
