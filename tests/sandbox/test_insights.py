"""Logs Insights answers queries over flow logs and other logs as the service does."""

import time
from collections.abc import Iterator
from typing import Any

import pytest

from sandbox.ext import insights
from sandbox.insights.query import parse
from sandbox.insights.words import QueryError
from tests.sandbox.ec2_world import ACCOUNT, REGION, client, open_world, refused

GROUP = "/toban/flow-logs"
NOW = int(time.time())
ATTACKER, PEER = "198.51.100.7", "10.9.0.20"
LINES = [
    (f"2 {ACCOUNT} eni-0a {ATTACKER} 10.9.0.5 4000 22 6 3 132", "REJECT"),
    (f"2 {ACCOUNT} eni-0a {ATTACKER} 10.9.0.5 4001 22 6 2 88", "REJECT"),
    (f"2 {ACCOUNT} eni-0a {ATTACKER} 10.9.0.5 4002 8080 6 12 4800", "ACCEPT"),
    (f"2 {ACCOUNT} eni-0b {PEER} 10.9.0.6 4003 443 6 9 900", "ACCEPT"),
    (f"2 {ACCOUNT} eni-0b 2001:db8::1 10.9.0.6 4004 443 17 1 60", "REJECT"),
]


@pytest.fixture(scope="module")
def world() -> Iterator[Any]:
    with open_world():
        yield client("logs")


@pytest.fixture
def logs(world: Any) -> Iterator[Any]:
    """The group as it is at first, and queries that are ready at once."""
    insights.configure(ACCOUNT, REGION, 0)
    world.create_log_group(logGroupName=GROUP)
    for eni in ("eni-0a", "eni-0b"):
        world.create_log_stream(logGroupName=GROUP, logStreamName=f"{eni}-all")
    for index, (line, action) in enumerate(LINES):
        start = NOW - 600 + index * 60
        event = {
            "timestamp": start * 1000,
            "message": f"{line} {start} {start + 59} {action} OK",
        }
        stream = f"{line.split()[2]}-all"
        world.put_log_events(logGroupName=GROUP, logStreamName=stream, logEvents=[event])
    yield world
    world.delete_log_group(logGroupName=GROUP)


def ask(
    logs: Any, query: str, start: int = NOW - 3600, end: int = NOW, **more: Any
) -> list[dict[str, str]]:
    """Run a query; rows as dicts without the pointer."""
    wanted = {"logGroupName": GROUP} if "logGroupNames" not in more else {}
    made = logs.start_query(queryString=query, startTime=start, endTime=end, **wanted, **more)
    answer = logs.get_query_results(queryId=made["queryId"])
    assert answer["status"] == "Complete"
    rows = [{cell["field"]: cell["value"] for cell in row} for row in answer["results"]]
    return [{name: value for name, value in row.items() if name != "@ptr"} for row in rows]


def test_the_evidence_query(logs: Any) -> None:
    rows = ask(
        logs,
        """# who was refused
        filter interfaceId in ["eni-0a"] and action = "REJECT" and dstAddr in ["10.9.0.5"]
        | stats count(*) as flows, sum(packets) as pkts by srcAddr, dstPort
        | sort flows desc | limit 5""",
    )
    assert rows == [{"srcAddr": ATTACKER, "dstPort": "22", "flows": "2", "pkts": "5"}]


@pytest.mark.parametrize(
    ("condition", "count"),
    [
        ("dstPort = 22", 2),
        ("dstPort = '22' or dstPort = 8080", 3),
        ("dstPort != 443", 3),
        ("bytes >= 900 and bytes < 4800", 1),
        ("not (action = 'REJECT')", 2),
        ("action not in ['REJECT', 'NODATA']", 2),
        ("dstPort in [22, 443]", 4),
        ('srcAddr like "198.51"', 3),
        ("srcAddr like /^198\\.51\\./", 3),
        ("srcAddr =~ /^10/", 1),
        ("srcAddr not like /^198/", 2),
        ("@message like /REJECT/", 3),
        ("ispresent(srcAddr)", 5),
        ("ispresent(nothing)", 0),
        ("not ispresent(nothing) and 1 = 1", 5),
        ("isIpv4InSubnet(srcAddr, '198.51.100.0/24')", 3),
        ("isIpv6InSubnet(srcAddr, '2001:db8::/32')", 1),
        ("isIpInSubnet(srcAddr, '10.0.0.0/8')", 1),
        ("isValidIpv4(srcAddr)", 4),
        ("packets * 2 + 1 > 20", 1),
        ("nothing = 1", 0),
        ("@logStream = 'eni-0b-all'", 2),
        ("coalesce(nothing, action) = 'ACCEPT'", 2),
    ],
)
def test_conditions(logs: Any, condition: str, count: int) -> None:
    assert len(ask(logs, f"fields srcAddr | filter {condition}")) == count


def test_defaults_are_newest_first_with_time_and_message(logs: Any) -> None:
    rows = ask(logs, "limit 2")
    assert [sorted(row) for row in rows] == [["@message", "@timestamp"]] * 2
    assert "2001:db8::1" in rows[0]["@message"]
    assert len(rows[0]["@timestamp"]) == len("2026-01-01 00:00:00.000")


def test_aggregates(logs: Any) -> None:
    [row] = ask(
        logs,
        "stats count(*), sum(bytes) as total, avg(packets) as mean, min(bytes) as low,"
        " max(bytes) as high, count_distinct(srcAddr) as sources,"
        " latest(action) as last, earliest(srcAddr) as first, pct(packets, 50) as half",
    )
    assert row == {
        "count(*)": "5",
        "total": "5980",
        "mean": "5.4",
        "low": "60",
        "high": "4800",
        "sources": "3",
        "last": "REJECT",
        "first": ATTACKER,
        "half": "3",
    }


def test_stats_without_rows_has_none(logs: Any) -> None:
    assert ask(logs, "filter dstPort = 1 | stats count(*) as n") == []


def test_bins_and_sorting_by_several_keys(logs: Any) -> None:
    rows = ask(logs, "stats count(*) as n by bin(1m) | sort n desc, bin(1m) asc")
    assert len(rows) == 5 and all(row["bin(1m)"].endswith(":00.000") for row in rows)
    assert [row["bin(1m)"] for row in rows] == sorted(row["bin(1m)"] for row in rows)
    rows = ask(logs, "fields dstPort, bytes | sort dstPort asc, bytes desc | display bytes")
    assert [row["bytes"] for row in rows] == ["132", "88", "900", "60", "4800"]


def test_parse_takes_columns_out_of_messages(logs: Any) -> None:
    rows = ask(
        logs,
        """parse @message "* * * * * *" as v, a, e, src, dst, rest
        | stats count(*) as n by src | sort n desc""",
    )
    assert rows[0] == {"src": ATTACKER, "n": "3"}
    rows = ask(
        logs,
        r"""parse @message /(?<port>\d+) 6 / | filter ispresent(port)
        | stats count(*) as n by port | sort n desc""",
    )
    assert rows[0] == {"port": "22", "n": "2"}


def test_fields_compute_and_dedup_keeps_the_newest(logs: Any) -> None:
    rows = ask(logs, "fields bytes / packets as size, srcAddr | filter srcAddr like '10.' ")
    assert rows == [{"size": "100", "srcAddr": PEER}]
    rows = ask(logs, "fields srcAddr, dstPort | dedup srcAddr")
    assert [row["dstPort"] for row in rows] == ["443", "443", "8080"]


def test_the_window_is_honoured(logs: Any) -> None:
    assert len(ask(logs, "fields action", NOW - 480, NOW - 420)) == 2
    assert ask(logs, "fields action", NOW - 100, NOW) == []


def put(logs: Any, *events: tuple[int, str]) -> None:
    """More events for the first stream, at seconds before now."""
    rows = [{"timestamp": (NOW - ago) * 1000, "message": text} for ago, text in events]
    logs.put_log_events(logGroupName=GROUP, logStreamName="eni-0a-all", logEvents=rows)


def whole(logs: Any, condition: str, start: int, end: int) -> Any:
    """All that is answered to a filter, with what was read for it."""
    query = f"fields @message, n | filter {condition}"
    if not condition.startswith("1 = 1"):  # a filter that comes first selects
        query = f"filter {condition} | fields @message, n"
    common: dict[str, Any] = {"logGroupName": GROUP, "startTime": start, "endTime": end}
    made = logs.start_query(queryString=query, **common)
    answer = logs.get_query_results(queryId=made["queryId"])
    return answer["results"], answer["statistics"]


def test_what_is_logged_between_two_queries_is_in_the_second(logs: Any) -> None:
    query = "filter interfaceId in ['eni-0a', 'eni-0c'] and dstPort = 22 | stats count(*) as n"
    assert ask(logs, query) == [{"n": "2"}]
    line = f"2 {ACCOUNT} eni-0a {ATTACKER} 10.9.0.5 4000 22 6 3 132 {NOW} {NOW} REJECT OK"
    put(logs, (5, line))
    assert ask(logs, query) == [{"n": "3"}]
    put(logs, (4, line.replace("eni-0a", "eni-0c")), (3, line.replace("eni-0a", "eni-0d")))
    assert ask(logs, query) == [{"n": "4"}]


WINDOWS = [(NOW - 3600, NOW), (NOW - 480, NOW - 40), (NOW - 50, NOW)]
SELECTING = [
    "interfaceId in ['eni-0a']",
    "n in [1]",
    "n in ['1', '2']",
    "n in [1.0, 'x'] and n = 1",
    "n in ['1.0']",
    "n in []",
    "n not in [1]",
    "@logStream in ['eni-0b-all'] and (dstPort in [443] or n = 1)",
]


def unlike(logs: Any) -> list[tuple[str, tuple[int, int]]]:
    """The conditions whose answer is another one when each event is looked at."""
    return [
        (condition, window)
        for condition in SELECTING
        for window in WINDOWS
        if whole(logs, condition, *window) != whole(logs, f"1 = 1 and {condition}", *window)
    ]


@pytest.mark.parametrize("late", [False, True])
def test_what_a_query_selects_by_is_as_if_it_looked_at_each(logs: Any, late: bool) -> None:
    put(logs, (59, '{"n": 1}'), (58, '{"n": 1.0}'), (57, '{"n": "1"}'), (56, '{"n": true}'))
    assert unlike(logs) == []
    put(logs, (470 if late else 55, '{"n": 2}'), (45, '{"n": null}'), (44, '{"n": "x"}'))
    assert unlike(logs) == []


@pytest.mark.parametrize(
    "query",
    [
        "",
        "filter",
        "filter a =",
        "filter (a = 1",
        "fields a |",
        "stats sum(a, b)",
        "stats nonsense(a)",
        "select a",
        "filter nonsense(a)",
        "sort a b",
        "limit ten",
        "limit 0",
        "parse @message '* *' as one",
        "filter a like /(/",
        "filter a ~ 1",
        "filter ispresent()",
    ],
)
def test_wrong_queries_are_malformed(logs: Any, query: str) -> None:
    with pytest.raises(QueryError):
        parse(query)
    if query:
        common = {"logGroupName": GROUP, "startTime": NOW - 60, "endTime": NOW}
        assert refused("MalformedQueryException", logs.start_query, queryString=query, **common)


def test_refusals(logs: Any) -> None:
    start = logs.start_query
    common: dict[str, Any] = {"queryString": "fields action", "startTime": NOW - 60, "endTime": NOW}
    refused("ResourceNotFoundException", start, logGroupName="/other", **common)
    refused("InvalidParameterException", start, **common)
    refused(
        "InvalidParameterException", start, logGroupName=GROUP, **common | {"endTime": NOW - 90}
    )
    refused("InvalidParameterException", start, logGroupName=GROUP, limit=10001, **common)
    refused("ResourceNotFoundException", logs.get_query_results, queryId="0-0")
    arn = f"arn:aws:logs:{REGION}:{ACCOUNT}:log-group:{GROUP}:*"
    assert start(logGroupIdentifiers=[arn], **common)["queryId"]


def test_states_pass_as_one_polls(logs: Any) -> None:
    insights.configure(ACCOUNT, REGION, 2)
    common: dict[str, Any] = {"logGroupName": GROUP, "startTime": NOW - 3600, "endTime": NOW}
    query = logs.start_query(queryString="fields action", **common)["queryId"]
    seen = [logs.get_query_results(queryId=query) for _ in range(4)]
    assert [each["status"] for each in seen] == ["Scheduled", "Running", "Complete", "Complete"]
    assert [len(each["results"]) for each in seen] == [0, 0, 5, 5]
    assert seen[2]["statistics"]["recordsMatched"] == 5
    refused("InvalidParameterException", logs.stop_query, queryId=query)
    query = logs.start_query(queryString="fields action", **common)["queryId"]
    assert logs.stop_query(queryId=query)["success"] is True
    assert logs.get_query_results(queryId=query)["status"] == "Cancelled"


def test_json_fields_are_found(logs: Any) -> None:
    logs.create_log_group(logGroupName="/app")
    logs.create_log_stream(logGroupName="/app", logStreamName="one")
    message = '{"level": "WARN", "user": {"name": "dana"}, "ids": [7]}'
    event = {"timestamp": NOW * 1000 - 5000, "message": message}
    logs.put_log_events(logGroupName="/app", logStreamName="one", logEvents=[event])
    rows = ask(logs, "fields level, user.name, ids.0", logGroupNames=["/app"])
    assert rows == [{"level": "WARN", "user.name": "dana", "ids.0": "7"}]
