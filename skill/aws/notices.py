"""Telling people: the audit topic and Slack's incoming webhook."""

import json
from typing import Any

from skill.aws.client import Clients, Service
from skill.errors import Unavailable


class Notices:
    """Both ends of the notifier. Each call raises; the engine records a failure and goes on."""

    def __init__(self, clients: Clients, topic: str, secret: str) -> None:
        self._sns = _Sns(clients)
        self._secrets = _Secrets(clients)
        self._topic = topic
        self._secret = secret
        self._webhook = ""

    def audit(self, subject: str, doc: dict[str, Any]) -> None:
        """One message to the audit topic; SNS subjects are ASCII, one line, below 100
        characters.
        """
        line = " ".join(subject.encode("ascii", "ignore").decode().split())
        text = json.dumps(doc, ensure_ascii=False, indent=1)
        self._sns.call("publish", TopicArn=self._topic, Subject=line[:99], Message=text[:200_000])

    def slack(self, text: str, blocks: list[dict[str, Any]]) -> None:
        """One Slack message; `text` is what notifications and screen readers show."""
        from slack_sdk.errors import SlackClientError
        from slack_sdk.webhook import WebhookClient

        if not self._webhook:
            self._webhook = self._secrets.value(self._secret)
        try:
            answer = WebhookClient(self._webhook, timeout=5).send(text=text, blocks=blocks)
        except (OSError, SlackClientError) as error:
            raise Unavailable(operation="post", service="slack") from error
        if answer.status_code != 200:
            raise Unavailable(operation="post", service="slack", code=str(answer.status_code))


class _Sns(Service):
    name = "sns"


class _Secrets(Service):
    name = "secretsmanager"

    def value(self, arn: str) -> str:
        return str(self.call("get_secret_value", SecretId=arn)["SecretString"])
