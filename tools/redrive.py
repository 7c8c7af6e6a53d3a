"""Sends dead letters once more: `python -m tools.redrive --stack toban`.

Each message goes to the function that it was meant for, asynchronously, and is then taken out of
its queue. What comes back after that is another message; one call sends each message once at most.
Events are idempotent, and a run that has ended is not run again, so a letter that is sent twice
does nothing the second time. Needs the rights to receive from the queues and to invoke the
functions. docs/playbooks/dead-letters.md says when to use it.
"""

import argparse
import json
import sys
from collections import Counter
from collections.abc import Iterator
from typing import Any

import boto3

from skill.letters import Letter, read

OUTPUTS = {"events": "EventsDlqUrl", "workflow": "WorkflowDlqUrl"}
HIDDEN_SECONDS = 120
Json = dict[str, Any]


def main(given: list[str] | None = None) -> int:
    """0 when every letter was sent; 1 when some could not be and are still there."""
    asked = _arguments(given)
    outputs = _outputs(asked.stack)
    queues = [asked.queue] if asked.queue else list(OUTPUTS)
    left = [_queue(asked, queue, outputs[OUTPUTS[queue]]) for queue in queues]
    return 1 if any(left) else 0


def _arguments(given: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="redrive", description=__doc__.partition("\n")[0])
    parser.add_argument("--stack", required=True, help="name of the deployed stack")
    parser.add_argument("--queue", choices=OUTPUTS, help="only this one")
    parser.add_argument("--list", action="store_true", help="only say what is there")
    parser.add_argument("--drop", metavar="ID", help="take this message out and send nothing")
    return parser.parse_args(given)


def _outputs(stack: str) -> dict[str, str]:
    (found,) = boto3.client("cloudformation").describe_stacks(StackName=stack)["Stacks"]
    return {row["OutputKey"]: row["OutputValue"] for row in found["Outputs"]}


def _queue(asked: argparse.Namespace, queue: str, url: str) -> int:
    """Go through one queue; how many letters are left that should have been sent."""
    sqs = boto3.client("sqs")
    counts, back = Counter(sent=0), []
    for receipt, letter in _letters(url):
        became = _one(asked, queue, letter)
        if became in ("sent", "dropped"):
            sqs.delete_message(QueueUrl=url, ReceiptHandle=receipt)
        else:
            back.append(receipt)
        counts[became] += 1
        print(f"{queue} {letter.id} {became}: {_inert(letter.what)} ({_inert(letter.why)})")
    for receipt in back:
        sqs.change_message_visibility(QueueUrl=url, ReceiptHandle=receipt, VisibilityTimeout=0)
    print(f"{queue}: " + ", ".join(f"{count} {name}" for name, count in counts.items()))
    return counts["left"]


def _one(asked: argparse.Namespace, queue: str, letter: Letter) -> str:
    """What becomes of a letter: sent, kept (not asked for), dropped, or left (cannot be sent)."""
    if asked.drop:
        return "dropped" if asked.drop == letter.id else "kept"
    if asked.list:
        return "kept"
    if letter.event is None:
        return "left"
    _invoke(f"{asked.stack}-{queue}:live", letter)
    return "sent"


def _invoke(function: str, letter: Letter) -> None:
    """A run gets a name of its own for this letter: a name that has failed once starts nothing."""
    name = {"DurableExecutionName": f"{letter.run}-{letter.id[:8]}"} if letter.run else {}
    boto3.client("lambda").invoke(
        FunctionName=function,
        InvocationType="Event",
        Payload=json.dumps(letter.event, sort_keys=True).encode(),
        **name,
    )


def _letters(url: str) -> Iterator[tuple[str, Letter]]:
    """Each message's receipt and letter, once, hidden from others meanwhile."""
    seen: set[str] = set()
    while new := [row for row in _page(url) if row["MessageId"] not in seen]:
        seen |= {row["MessageId"] for row in new}
        for row in new:
            attributes = row.get("MessageAttributes", {})
            texts = {name: one.get("StringValue", "") for name, one in attributes.items()}
            yield row["ReceiptHandle"], read(row["MessageId"], row["Body"], texts)


def _page(url: str) -> list[Json]:
    found = boto3.client("sqs").receive_message(
        QueueUrl=url,
        MaxNumberOfMessages=10,
        VisibilityTimeout=HIDDEN_SECONDS,
        MessageAttributeNames=["All"],
    )
    return list(found.get("Messages", []))


def _inert(text: str) -> str:
    """Foreign text on a terminal."""
    return "".join(one if one.isprintable() else " " for one in text)[:200]


if __name__ == "__main__":
    sys.exit(main())
