"""The page about events says what the routes, the rules and the samples are."""

import json

from skill.events.routes import ROUTES
from tests.docs.markdown import ROOT, table
from tests.template.translate import source

PAGE = "docs/events.md"


def test_every_route_has_its_row_its_rule_and_its_sample() -> None:
    rows = {row[0].strip("`"): row[1:] for row in table(PAGE, "Routes")}
    rules = source()["Resources"]["EventsFunction"]["Properties"]["Events"]
    assert set(rows) == {route.name for route in ROUTES}
    # One rule takes what comes from members, for all routes.
    assert {row[0].strip("`") for row in rows.values()} == set(rules) - {"MemberRule"}
    for name, row in rows.items():
        assert row[-1] == f"[{name}](../tests/events/{name}.json)"


def test_every_sample_is_of_its_route() -> None:
    samples = {path.stem: path for path in (ROOT / "tests/events").glob("*.json")}
    assert {route.name for route in ROUTES} <= set(samples)
    for name, path in samples.items():
        (route,) = [one for one in ROUTES if f"{name}-".startswith(f"{one.name}-")]
        event = json.loads(path.read_text(encoding="utf-8"))
        if "Records" in event:
            assert event["Records"][0]["EventSource"] == route.kind[0]
            continue
        assert (event["source"], event["detail-type"]) == route.kind
