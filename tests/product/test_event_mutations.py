"""Every sample event, spoilt at every place: each ends as one of four, and nobody else acts."""

import json
import os
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sandbox.delivery.patterns import Pattern, compile_pattern
from skill.actions import ACTIONS
from skill.events import routes
from skill.events.reading import Mode, name_of
from skill.settings import Settings
from tests.docs.markdown import table
from tests.events_world import SAMPLES, accounts, buried, invoke, raw, renewed, sample
from tests.product.mutation_world import WAYS, paths, spoilt
from tests.template.translate import properties
from tests.world import Json, Sandbox

DRILL = bool(os.environ.get("DRILL"))
EXAMPLES = 20_000 if DRILL else 600
LISTED = "arn:aws:iam::111122223333:user/operator"
OPERATOR = Settings(
    table="table",
    workflow_arn="arn:aws:lambda:eu-west-1:111122223333:function:toban-workflow:live",
    tag_principals=(LISTED,),
)
# What every account's function may call that changes nothing but what is Toban's own.
OWN = {
    ("dynamodb", None),
    ("lambda", "Invoke"),
    ("sns", "Publish"),
    ("logs", "StartQuery"),
    ("sqs", None),
    # The role that reads in a member account.
    ("sts", "AssumeRole"),
}
READS = ("Describe", "Get", "List", "Query", "BatchGet")
ENGINE = ("CheckpointDurableExecution", "GetDurableExecutionState")
TOLD = ("run", "proposal", "ignored")
# One instance a route, so that what one did leaves the others something to do.
ABOUT = {
    "run-instances": "batch-2",
    "tag-change": "api-1",
    "guardduty": "web-1",
    "lockdown": "web-2",
}
# How many places are passed over; a drill spoils every one in every way.
STEP = 1 if DRILL else 2
ANYTHING = list(HealthCheck)


@settings(
    max_examples=EXAMPLES,
    derandomize=not DRILL,
    database=None,
    deadline=None,
    suppress_health_check=ANYTHING,
)
@given(
    route=st.sampled_from(sorted(SAMPLES)),
    places=st.lists(
        st.tuples(st.integers(0, 10_000), st.integers(0, WAYS - 1)), min_size=1, max_size=4
    ),
)
def test_a_reader_asks_for_something_valid_or_says_why_not(
    route: str, places: list[tuple[int, int]]
) -> None:
    event = raw(route)
    for place, way in places:
        known = list(paths(event))
        event = spoilt(event, known[place % len(known)], way) if known else event
    for record in routes.records(event):
        valid(record)


def valid(record: Any) -> None:
    assert name_of(record).isascii()
    reading = routes.read(record, OPERATOR)
    assert bool(reading.ignored) != bool(reading.wishes)
    for wish in reading.wishes:
        if wish.mode in (Mode.ACT, Mode.PROPOSE):
            ACTIONS[wish.action].read(wish.params)
        assert 0 < len(wish.key) < 1000
        assert wish.door != "tag" or wish.mode is not Mode.ACT or wish.principal == LISTED


def test_every_mutation_of_every_sample_ends_as_one_of_four(box: Sandbox) -> None:
    """Through the rule where the rule takes it, else to the function itself."""
    sent = [(put, event) for route in SAMPLES for put, event in mutants(box, route)]
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda one: send(box, *one), sent))
    box.control("POST", "/idle", {"timeout": 140})
    dead = buried(box)
    known = {name_of(event) for _, event in sent}
    # A young launch is tried again, which raises the alarm on errors: an event of its own.
    rows = [one for one in accounts(box) if one["route"] != "alarm" or one["event"] in known]
    ends = Counter(row["outcome"] for row in rows)
    assert set(ends) <= set(TOLD)
    expected = sum(len(routes.records(event)) for _, event in sent)
    assert sum(ends.values()) + len(dead) == expected, (ends, len(dead))
    assert dead == []
    assert ends["run"] and ends["proposal"] and any(put for put, _ in sent)
    only_listed_principals_act(box)


def mutants(box: Sandbox, route: str) -> Iterator[tuple[bool, Any]]:
    """The sample, and for each place one way to spoil it (all ways in a drill)."""
    event = sample(box, route, ABOUT.get(route, "batch-1"))
    pattern = taken_by(route)
    yield pattern is not None, renewed(event)
    for at, path in enumerate(list(paths(event))[::STEP]):
        for way in range(WAYS) if DRILL else [(at * 7) % WAYS]:
            spoiled = spoilt(event, path, way)
            yield pattern is not None and at % 2 == 0 and pattern.matches(spoiled), spoiled


def taken_by(route: str) -> Pattern | None:
    """The pattern of the route's rule, if it has one that names nothing of the stack."""
    rules = {row[0].strip("`"): row[1].strip("`") for row in table("docs/events.md", "Routes")}
    name = next(each.name for each in routes.ROUTES if route.startswith(each.name))
    found = properties(f"EventsFunction{rules[name]}").get("EventPattern")
    return compile_pattern(found) if found and "Fn::" not in json.dumps(found) else None


def send(box: Sandbox, put: bool, event: Any) -> None:
    if put:
        box.control("POST", "/events", event)
    else:
        invoke(box, event)


def only_listed_principals_act(box: Sandbox) -> None:
    allowed = {box.ready["principal"], box.ready["lockdown_topic"]}
    runs = {run["id"]: run for run in box.runs()}
    acting = {name for name, run in runs.items() if not run["proposed"]}
    known = {"aws.inspector2"}
    assert {runs[name]["actor"]["id"] for name in acting} <= allowed | known
    for row in box.calls():
        if row["run"] not in acting:
            assert is_own(row), row


def is_own(row: Json) -> bool:
    operation = row["operation"]
    own = {(row["service"], None), (row["service"], operation)} & OWN
    return bool(own) or operation.startswith(READS) or operation in ENGINE


@pytest.mark.parametrize("event", [None, [], "text", 7, {"Records": {}}, {"Records": [None]}])
def test_what_is_no_event_at_all_is_ignored(event: Any) -> None:
    for record in routes.records(event):
        assert routes.read(record, OPERATOR).ignored
