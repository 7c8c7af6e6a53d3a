"""CloudWatch Logs Insights over the VPC flow logs (aws.md §4)."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from skill.aws.client import Service

# Default format, version 2: Insights finds the fields by itself.
_BY_SOURCE = (
    "filter interfaceId in [{interfaces}] and dstAddr in [{addresses}] "
    "| stats sum(packets) as pkts, count(*) as flows by srcAddr, action, dstPort "
    "| sort flows desc | limit 1000"
)


class Logs(Service):
    name = "logs"

    def __init__(self, clients: Any, group: str) -> None:
        super().__init__(clients)
        self.group = group

    def start(
        self, interfaces: Sequence[str], addresses: Sequence[str], since: datetime, until: datetime
    ) -> str:
        """Ask for flows to the given interfaces, grouped by source, action and port. The query's
        id.
        """
        query = _BY_SOURCE.format(interfaces=_quoted(interfaces), addresses=_quoted(addresses))
        answer = self.call(
            "start_query",
            logGroupName=self.group,
            startTime=int(since.timestamp()),
            endTime=int(until.timestamp()),
            queryString=query,
        )
        return str(answer["queryId"])

    def rows(self, query: str) -> list[dict[str, str]] | None:
        """The rows of a finished query; None while it runs."""
        answer = self.call("get_query_results", queryId=query)
        if answer["status"] in ("Scheduled", "Running", "Unknown"):
            return None
        return [{cell["field"]: cell["value"] for cell in row} for row in answer["results"]]


def _quoted(values: Sequence[str]) -> str:
    return ", ".join(f'"{value}"' for value in values)
