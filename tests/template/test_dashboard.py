"""The dashboard is valid, and draws metrics that are written."""

import json
import re
from pathlib import Path

from skill.engine import meter
from tests.template.translate import properties


def body() -> dict[str, object]:
    text = properties("Dashboard")["DashboardBody"]["Fn::Sub"]
    found: dict[str, object] = json.loads(re.sub(r"\$\{[\w:.]+\}", "x", text))
    return found


def test_it_is_json_within_cloudwatchs_grid() -> None:
    for widget in body()["widgets"]:  # type: ignore[attr-defined]
        assert widget["x"] + widget["width"] <= 24
        assert {"title", "region", "metrics", "period"} <= set(widget["properties"])


def test_every_metric_of_ours_is_one_that_is_written() -> None:
    text = json.dumps(body())
    searched = set(re.findall(r'MetricName=\\+"(\w+)', text))
    plain = set(re.findall(r'"Toban", "(\w+)"', text))
    source = Path(meter.__file__).read_text(encoding="utf-8")
    written = set(re.findall(r'"([A-Z]\w+)"', source))
    assert searched == {"Events", "RunsEnded", "TimeToContain", "TimeToFix"}
    assert plain == {"MessagesLost", "Drift"}
    assert searched | plain <= written
