"""Secrets Manager: values that nobody may log."""

import time

from skill.aws.client import Clients, Service

KEEP_SECONDS = 30


class Secrets(Service):
    name = "secretsmanager"

    def __init__(self, clients: Clients) -> None:
        super().__init__(clients)
        self._kept: dict[str, tuple[str, float]] = {}

    def value(self, arn: str) -> str:
        """The secret's text as it is now: a new one counts at once."""
        return str(self.call("get_secret_value", SecretId=arn)["SecretString"])

    def kept(self, arn: str) -> str:
        """The same, asked for twice a minute at most: for a door that strangers can knock at."""
        text, until = self._kept.get(arn, ("", 0.0))
        if time.monotonic() < until:
            return text
        text = self.value(arn)
        self._kept[arn] = text, time.monotonic() + KEEP_SECONDS
        return text
