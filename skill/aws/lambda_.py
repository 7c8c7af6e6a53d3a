"""Starting the workflow, and waking it."""

import json
from typing import Any

from skill.aws.client import Service
from skill.errors import Conflict


class Lambda(Service):
    name = "lambda"

    def start(self, arn: str, name: str, payload: dict[str, Any]) -> None:
        """Start a durable execution once: the same name again starts nothing (aws.md §8)."""
        try:
            self.call(
                "invoke",
                FunctionName=arn,
                InvocationType="Event",
                DurableExecutionName=name,
                Payload=json.dumps(payload, sort_keys=True).encode(),
            )
        except Conflict as error:
            if error.facts["code"] != "DurableExecutionAlreadyStartedException":
                raise

    def answer(self, callback: str, result: dict[str, Any]) -> None:
        """Wake an execution that waits on a callback. Raises Gone or Conflict where none does."""
        payload = json.dumps(result, sort_keys=True).encode()
        self.call("send_durable_execution_callback_success", CallbackId=callback, Result=payload)
