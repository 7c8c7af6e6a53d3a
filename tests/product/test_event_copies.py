"""The same event fifty times at once is one run; and none once it has ended."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor

from tests.events_world import accounts, buried, invoke, sample
from tests.world import Json, Sandbox

COPIES = 50
# What each route's copies are about, so that none is in another's way, and what they become.
ROUTES = {
    "created-tags": ("batch-1", "run"),
    "run-instances": ("batch-2", "run"),
    "tag-change": ("api-1", "proposal"),
    "guardduty": ("web-1", "proposal"),
    "lockdown": ("web-2", "run"),
}


def ends(box: Sandbox) -> dict[str, Counter[str]]:
    found: dict[str, Counter[str]] = {}
    for row in accounts(box):
        found.setdefault(row["route"], Counter())[f"{row['outcome']} {row['reason']}"] += 1
    return found


def send(box: Sandbox, events: list[Json]) -> None:
    with ThreadPoolExecutor(16) as pool:
        list(pool.map(lambda event: invoke(box, event), events))
    box.idle()


def test_fifty_copies_are_one_run_and_later_ones_none(box: Sandbox) -> None:
    events = {route: sample(box, route, name) for route, (name, _) in ROUTES.items()}
    send(box, [event for event in events.values() for _ in range(COPIES)])
    for route, (_, outcome) in ROUTES.items():
        assert ends(box)[route] == {f"{outcome} ": 1, "ignored duplicate": COPIES - 1}, route
    assert len(box.runs()) == len(ROUTES)
    spoil(box)
    send(box, list(events.values()))
    for route, (_, outcome) in ROUTES.items():
        assert ends(box)[route] == {f"{outcome} ": 1, "ignored duplicate": COPIES}, route
    assert len(box.runs()) == len(ROUTES)
    assert buried(box) == []
    assert not any("refused" in str(one.get("subject")) for one in box.messages())


def spoil(box: Sandbox) -> None:
    """Each plan would fail by now: protected, or gone."""
    ids = {name: box.instance(name)["InstanceId"] for name, _ in ROUTES.values()}
    kept = [ids[name] for name in ("batch-1", "api-1", "web-2")]
    box.ec2.create_tags(Resources=kept, Tags=[{"Key": "TobanProtected", "Value": "yes"}])
    box.ec2.terminate_instances(InstanceIds=[ids["batch-2"], ids["web-1"]])
