"""Telling people: the audit topic and Slack's incoming webhook."""

import json
from collections.abc import Mapping
from typing import Any

from skill.aws.client import Clients, Service
from skill.aws.secrets import Secrets
from skill.errors import Conflict, Throttled, TobanError, Unavailable

# SNS takes 256 KB.
LONGEST = 200_000
BAD, TOO_MANY = 400, 429


class Notices:
    """Both ends of the notifier. Each call raises; the engine records a failure and goes on."""

    def __init__(self, clients: Clients, topic: str, secret: str) -> None:
        self._sns = _Sns(clients)
        self._secrets = Secrets(clients)
        self._topic = topic
        self._secret = secret

    def audit(self, subject: str, doc: dict[str, Any]) -> str:
        """One message to the audit topic; SNS subjects are one line of UTF-8 without control
        characters, below 100 characters.
        """
        line = " ".join("".join(one if one.isprintable() else " " for one in subject).split())
        text = json.dumps(doc, ensure_ascii=False, indent=1).encode()[:LONGEST]
        message = text.decode(errors="ignore")
        self._sns.call("publish", TopicArn=self._topic, Subject=line[:99], Message=message)
        return "sent"

    def slack(self, text: str, blocks: list[dict[str, Any]]) -> str:
        """Post one message: "sent", or "off" while the secret holds no URL (as it is deployed).

        `text` is what notifications and screen readers show. Raises Throttled with `after`, the
        seconds that Slack asks for; Conflict if it refuses the message; or Unavailable.
        """
        from slack_sdk.errors import SlackClientError
        from slack_sdk.webhook import WebhookClient

        webhook = self._secrets.value(self._secret).strip()
        if not webhook.startswith(("https://", "http://")):
            return "off"
        try:
            answer = WebhookClient(webhook, timeout=5).send(text=text, blocks=blocks or None)
        except (OSError, SlackClientError) as error:
            raise Unavailable(operation="post", service="slack") from error
        if answer.status_code != 200:
            raise _refusal(answer.status_code, answer.body, answer.headers)
        return "sent"

    def webhook(self) -> str:
        """Where messages go; empty where the deployer has set nothing."""
        return self._secrets.kept(self._secret).strip()

    def respond(self, address: str, reply: dict[str, Any], seconds: int) -> str:
        """Answer an interaction at the address that Slack gave for it. Raises Unavailable."""
        from slack_sdk.errors import SlackClientError
        from slack_sdk.webhook import WebhookClient

        try:
            answer = WebhookClient(address, timeout=seconds, retry_handlers=[]).send_dict(reply)
        except (OSError, SlackClientError, ValueError) as error:
            raise Unavailable(operation="respond", service="slack") from error
        if answer.status_code != 200:
            raise Unavailable(operation="respond", service="slack", code=str(answer.status_code))
        return "sent"


def _refusal(status: int, body: str, headers: Mapping[str, str]) -> TobanError:
    """What Slack's answer means. 403, 404 and 410 are of the webhook, which may be mended."""
    facts = {"operation": "post", "service": "slack", "code": str(status)}
    if status == TOO_MANY:
        given = {name.lower(): value for name, value in headers.items()}.get("retry-after", "")
        return Throttled(**facts, after=int(given) if given.isdecimal() else 1)
    if status == BAD:
        return Conflict(**facts, detail=body[:100])
    return Unavailable(**facts)


class _Sns(Service):
    name = "sns"
