"""Logs Insights: real queries over moto's log groups, with states that pass as one polls."""

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from moto.logs.exceptions import (
    InvalidParameterException,
    LogsClientError,
    ResourceNotFoundException,
)
from moto.logs.models import logs_backends
from moto.logs.responses import LogsResponse
from moto.moto_api._internal import mock_random

from sandbox.insights.query import parse
from sandbox.insights.run import MAX_ROWS, Result, execute
from sandbox.insights.words import QueryError

from .ec2_base import patch

MAX_GROUPS = 50


@dataclass
class Query:
    """A query that was started; moto's own listing of queries reads it too."""

    query_id: str
    text: str
    log_group_names: list[str]
    created: int
    result: Result
    polls: int
    asked: int = 0
    ended: str = ""

    @property
    def status(self) -> str:
        """Scheduled, then Running, then Complete; or Cancelled."""
        if self.ended:
            return self.ended
        return "Scheduled" if self.asked == 0 and self.polls > 1 else "Running"

    def poll(self) -> str:
        """The state that one more GetQueryResults sees."""
        if not self.ended and self.asked >= self.polls:
            self.ended = "Complete"
        status = self.status
        self.asked += 1
        return status

    def to_json(self, log_group_name: str | None) -> dict[str, Any]:
        """An entry of DescribeQueries."""
        return {
            "queryLanguage": "CWLI",
            "queryId": self.query_id,
            "queryString": self.text,
            "status": self.status,
            "createTime": self.created,
            "logGroupName": log_group_name or self.log_group_names[0],
        }


def configure(account: str, region: str, running_polls: int) -> None:
    """Let queries from now on stay unfinished for this many GetQueryResults (default none)."""
    logs_backends[account][region].__dict__["ext_running_polls"] = running_polls


def _malformed(error: QueryError) -> LogsClientError:
    refusal = LogsClientError("MalformedQueryException", str(error))
    place = {"startCharOffset": error.at, "endCharOffset": error.end}
    refusal.description = json.dumps(
        {
            "__type": "MalformedQueryException",
            "message": str(error),
            "queryCompileError": {"location": place, "message": str(error)},
        }
    )
    return refusal


def _groups(self: Any) -> list[Any]:
    """The log groups that a request names; all ways of naming them exclude each other."""
    given = [
        self._get_param(name) for name in ("logGroupName", "logGroupNames", "logGroupIdentifiers")
    ]
    named = [each if isinstance(each, list) else [each] for each in given if each]
    if len(named) != 1:
        raise InvalidParameterException(
            "Exactly one of the log group parameters must be specified."
        )
    if len(named[0]) > MAX_GROUPS:
        raise InvalidParameterException(f"At most {MAX_GROUPS} log groups can be queried.")
    names = [_name(each) for each in named[0]]
    known = self.logs_backend.groups
    for name in names:
        if name not in known:
            text = f"Log group '{name}' does not exist for account ID '{self.current_account}'"
            raise ResourceNotFoundException(text)
    return [known[name] for name in names]


def _name(identifier: str) -> str:
    """A group's name from its name or ARN."""
    if not identifier.startswith("arn:"):
        return identifier
    return identifier.split(":log-group:", 1)[-1].removesuffix(":*")


def start_query(self: Any) -> str:
    """Check everything, run the query, and give its id."""
    groups = _groups(self)
    start, end = self._get_int_param("startTime"), self._get_int_param("endTime")
    if start is None or end is None or not 0 <= start <= end:
        raise InvalidParameterException("The start time must not be later than the end time.")
    if self._get_param("queryLanguage", "CWLI") != "CWLI":
        raise InvalidParameterException("Only the query language CWLI is available here.")
    limit = self._get_int_param("limit", MAX_ROWS)
    if not 1 <= limit <= MAX_ROWS:
        rule = f"Member must have value between 1 and {MAX_ROWS}"
        raise InvalidParameterException(constraint=rule, parameter="limit", value=limit)
    text = self._get_param("queryString") or ""
    try:
        commands = parse(text)
    except QueryError as error:
        raise _malformed(error) from error
    result = execute(groups, commands, *_window(start, end), limit)
    return json.dumps({"queryId": _remember(self.logs_backend, text, groups, result)})


def _window(start: int, end: int) -> tuple[int, int]:
    """Callers give seconds, some give milliseconds; the last second is included as a whole."""
    if start > 10**11:
        return start, end
    return start * 1000, end * 1000 + 999


def _remember(backend: Any, text: str, groups: list[Any], result: Result) -> str:
    polls = backend.__dict__.get("ext_running_polls", 0)
    names = [group.name for group in groups]
    created = int(datetime.now(UTC).timestamp() * 1000)
    query = Query(str(mock_random.uuid4()), text, names, created, result, polls)
    backend.queries[query.query_id] = query
    return query.query_id


def _query(self: Any) -> Query:
    query_id = self._get_param("queryId")
    found: Query | None = self.logs_backend.queries.get(query_id)
    if found is None:
        raise ResourceNotFoundException(f"Query with ID '{query_id}' not found.")
    return found


def get_query_results(self: Any) -> str:
    """The state, and the rows once the query is complete."""
    query = _query(self)
    status = query.poll()
    done = status == "Complete"
    counts = query.result if done else Result([], 0, 0, 0)
    statistics = {
        "recordsMatched": float(counts.matched),
        "recordsScanned": float(counts.scanned),
        "bytesScanned": float(counts.size),
        "estimatedRecordsSkipped": 0.0,
        "estimatedBytesSkipped": 0.0,
        "logGroupsScanned": float(len(query.log_group_names)),
    }
    answer = {
        "queryLanguage": "CWLI",
        "results": counts.rows,
        "statistics": statistics,
        "status": status,
    }
    return json.dumps(answer)


def stop_query(self: Any) -> str:
    """Only a query that still runs can be stopped."""
    query = _query(self)
    if query.ended:
        raise InvalidParameterException(f"Query {query.query_id} is not in a running state.")
    query.ended = "Cancelled"
    return json.dumps({"success": True})


def install() -> None:
    """Put real queries in place of moto's."""
    patch(LogsResponse, start_query=start_query, get_query_results=get_query_results)
    LogsResponse.stop_query = stop_query  # type: ignore[attr-defined]
