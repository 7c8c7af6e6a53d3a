"""What denies everything: AWS's own managed policy, and the statement that says the same inline."""

from typing import Any

EVERYTHING: dict[str, Any] = {
    "Sid": "TobanDeniesEverything",
    "Effect": "Deny",
    "Action": "*",
    "Resource": "*",
}


def managed(partition: str) -> str:
    """The ARN of the managed policy."""
    return f"arn:{partition}:iam::aws:policy/AWSDenyAll"
