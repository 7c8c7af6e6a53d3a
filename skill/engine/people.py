"""Who is who: one person has a Slack account, an Alexa voice, and names in AWS.

`SlackApprovers` says so: `U0123=<identity>`, an ARN pattern or an Alexa person id, or `U0123` for
an account without any. One account may be listed with several identities.
"""

import re
from fnmatch import fnmatchcase

from skill.model import Actor, Facts
from skill.settings import Settings

_HUMAN = re.compile(r"arn:[^:]*:(iam|sts):|amzn1\.ask\.|[UW][A-Z0-9]{5,}$|$")


def is_listed(settings: Settings, account: str) -> bool:
    return any(row.partition("=")[0] == account for row in settings.slack_approvers)


def of(settings: Settings, who: str) -> list[str]:
    """All that is known of the person who has that Slack account or that identity."""
    rows = [row.partition("=")[::2] for row in settings.slack_approvers]
    accounts = {account for account, identity in rows if _is(who, account) or _is(who, identity)}
    return [identity for account, identity in rows if account in accounts and identity]


def _is(who: str, pattern: str) -> bool:
    return bool(who and pattern) and fnmatchcase(who, pattern)


def same(settings: Settings, actor: Actor, requester: Facts) -> bool:
    """Whether the actor is known to be the one who asked."""
    asked = requester["id"]
    return bool(asked) and (
        actor.id == asked or any(_is(asked, one) for one in of(settings, actor.id))
    )


def is_human(requester: Facts) -> bool:
    """Whether a person asked, or may have: an event that does not say who it was may be anybody's.

    A finding, the clock and a message with the external id have names of their own.
    """
    return bool(_HUMAN.match(requester["id"]))
