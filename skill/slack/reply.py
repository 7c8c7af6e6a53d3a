"""What Slack shows for a press: the message without its buttons, or a line for that person alone.

Slack takes both at an address that it sends along, for half an hour and five times.
"""

import logging
from urllib.parse import urlsplit

from skill.aws import Aws
from skill.errors import TobanError
from skill.model import Facts

log = logging.getLogger("toban.slack")
SECONDS = 1
SLACK = ("https", "hooks.slack.com")
Reply = Facts


def replaced(blocks: list[Facts], text: str) -> Reply:
    """The message as it was, with a line instead of its buttons."""
    line = {"type": "context", "elements": [{"type": "mrkdwn", "text": text}]}
    return {"replace_original": True, "text": text, "blocks": [*blocks[:48], line]}


def aside(text: str) -> Reply:
    """A line that only who pressed can see; the message stays."""
    return {"response_type": "ephemeral", "replace_original": False, "text": text}


def send(aws: Aws, address: str, reply: Reply) -> str:
    """What became of it. That Slack does not take it is no reason to fail: the run is told of."""
    try:
        if not _is_slack(aws, address):
            return "not Slack's"
        return aws.notices.respond(address, reply, SECONDS)
    except TobanError as error:
        log.warning("not shown in Slack: %s", error.key)
        return error.key


def _is_slack(aws: Aws, address: str) -> bool:
    """Whether an address is Slack's, or where the deployer's own webhook is."""
    there = _origin(address)
    return there == SLACK or (there[1] != "" and there == _origin(aws.notices.webhook()))


def _origin(address: str) -> tuple[str, str]:
    try:
        parts = urlsplit(address)
    except ValueError:
        return "", ""
    return parts.scheme, parts.netloc
