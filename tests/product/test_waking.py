"""A command that ends wakes the run that waits for it; looking is for the event that never came."""

import json
from typing import Any

from tests.events_world import SAMPLES, accounts, invoke
from tests.world import Figure, Json, Sandbox

LOOKS = "ListCommandInvocations"


def patched(box: Sandbox) -> Json:
    talk = box.talk()
    talk.intent("PatchIntent", group="web")
    talk.yes()
    box.idle()
    (run,) = box.runs()
    return run


def looks(box: Sandbox) -> int:
    return len(box.calls(function="workflow", operation=LOOKS))


def told(box: Sandbox) -> list[tuple[str, str]]:
    rows = [row for row in accounts(box) if row["route"] == "command-status"]
    return sorted((row["outcome"], row["reason"]) for row in rows)


def ended(box: Sandbox, command: str, **changes: Any) -> Json:
    event: Json = json.loads(SAMPLES["command-status"].read_text(encoding="utf-8"))
    event |= {"account": box.ready["account"], "region": box.ready["region"]}
    event["detail"] |= {"command-id": command, **changes.pop("detail", {})}
    return event | changes


def test_events_wake_it_and_it_hardly_looks(box: Sandbox, figure: Figure) -> None:
    run = patched(box)
    commands = box.aws("ssm").list_commands()["Commands"]
    assert told(box) == [("run", "")] * len(commands)
    # Sixteen minutes of commands, which took a look every thirty seconds.
    assert run["result"]["facts"]["seconds"] > 900
    assert looks(box) <= 2 * 5
    seconds = run["result"]["facts"]["seconds"]
    figure(f"waking: {looks(box)} looks at commands that took {seconds} s")
    late = ended(box, commands[0]["CommandId"], id="late-1")
    foreign = ended(box, "11111111-2222-3333-4444-555555555555", id="foreign-1")
    running = ended(box, commands[0]["CommandId"], id="running-1", detail={"status": "InProgress"})
    box.forget_calls()
    for event in (late, late, foreign, running):
        invoke(box, event)
    box.idle()
    assert told(box)[:4] == [("ignored", "not-awaited")] * 3 + [("ignored", "still-running")]
    assert not box.calls(function="workflow")


def test_without_any_event_it_looks_every_five_minutes(box: Sandbox) -> None:
    events = box.aws("events")
    (rule,) = [one["Name"] for one in events.list_rules()["Rules"] if "CommandRule" in one["Name"]]
    events.disable_rule(Name=rule)
    run = patched(box)
    assert run["ending"] == "partial"
    assert told(box) == []
    assert looks(box) <= 2 + 954 // 300 + 4


def test_an_event_that_comes_before_anybody_sleeps_is_not_lost(box: Sandbox) -> None:
    """The waker is killed, the event comes twice, and AWS is slow to answer the callback."""
    slow = {"kind": "throttle", "times": 3}
    box.faults(
        {"operation": "SendDurableExecutionCallbackSuccess", "kind": "kill", "times": 1},
        slow
        | {
            "function": "workflow",
            "operation": "UpdateItem",
            "params": "wake#",
            "kind": "throttle",
            "times": 3,
        },
    )
    run = patched(box)
    assert run["ending"] == "partial"
    assert looks(box) <= 2 * 6
