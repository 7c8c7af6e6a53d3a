"""The dead-letter queues, looked into without taking anything out."""

from typing import Any

from skill.aws.client import Service

Json = dict[str, Any]


class Queues(Service):
    name = "sqs"

    def waiting(self, url: str) -> int:
        """About how many messages a queue holds; SQS counts roughly."""
        names = ["ApproximateNumberOfMessages"]
        found = self.call("get_queue_attributes", QueueUrl=url, AttributeNames=names)
        return int(found["Attributes"][names[0]])

    def peek(self, url: str) -> list[Json]:
        """At most ten messages, which stay: each can be received again at once."""
        found = self.call(
            "receive_message",
            QueueUrl=url,
            MaxNumberOfMessages=10,
            VisibilityTimeout=0,
            MessageAttributeNames=["All"],
        )
        return [
            {
                "id": row["MessageId"],
                "body": row["Body"],
                "attributes": {
                    name: one.get("StringValue", "")
                    for name, one in row.get("MessageAttributes", {}).items()
                },
            }
            for row in found.get("Messages", [])
        ]
