"""Scheduled rules: they fire when they are told to, and never by themselves."""

import json
from typing import Any

from tests.sandbox.actors_world import Actors
from tests.sandbox.core.client import http

SWEEP = "arn:aws:events:us-east-1:123456789012:rule/sweep"


def events(actors: Actors) -> list[dict[str, Any]]:
    """What the events function got."""
    lines = [row["line"] for row in actors.control("GET", "logs")["logs"]]
    return [json.loads(line)["got"] for line in lines if line.startswith('{"got"')]


def test_sam_s_schedules_are_listed(actors: Actors) -> None:
    rows = {row["name"]: row for row in actors.control("GET", "schedule")["rules"]}
    assert {name: (row["schedule"], row["state"]) for name, row in rows.items()} == {
        "sweep": ("rate(5 minutes)", "ENABLED"),
        "asleep": ("cron(0 3 * * ? *)", "DISABLED"),
    }
    (target,) = rows["sweep"]["targets"]
    assert target.endswith(":function:toban-events:live")


def test_a_rule_fires_the_event_that_eventbridge_sends(actors: Actors) -> None:
    (fired,) = actors.control("POST", "schedule", {"rule": "swe"})["fired"]
    actors.idle()
    (event,) = events(actors)
    assert fired == {"rule": "sweep", "id": event["id"]}
    assert event.pop("time").endswith("Z")
    assert event == {
        "version": "0",
        "id": fired["id"],
        "detail-type": "Scheduled Event",
        "source": "aws.events",
        "account": "123456789012",
        "region": "us-east-1",
        "resources": [SWEEP],
        "detail": {},
    }


def test_all_that_are_enabled_fire_without_a_name(actors: Actors) -> None:
    assert [row["rule"] for row in actors.control("POST", "schedule")["fired"]] == ["sweep"]
    assert actors.control("POST", "schedule", {"rule": "asleep"}) == {"fired": []}
    actors.idle()
    assert [event["resources"] for event in events(actors)] == [[SWEEP]]


def test_no_rule_fires_in_skipped_time(actors: Actors) -> None:
    plain = ("ec2", "describe_vpcs", {})
    actors.run("six-minutes", *[plain] * 6)
    actors.idle()
    assert events(actors) == []


def test_what_names_no_rule_is_refused(actors: Actors) -> None:
    url = f"{actors.urls['control']}/schedule"
    status, answer = http("POST", url, {"rule": "nothing"})
    assert (status, answer["error"]) == (
        400,
        "no scheduled rule is named nothing (known: asleep, sweep)",
    )
    assert http("POST", url, {"name": "sweep"})[0] == 400
