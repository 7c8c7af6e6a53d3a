"""CIS scans of Inspector v2 (aws.md §1.2)."""

from typing import Any

from skill.aws.client import Service
from skill.errors import Gone


class CisScans(Service):
    """The configurations that start a scan, and what became of it."""

    name = "inspector2"

    def start_cis_scan(self, name: str, tags: dict[str, list[str]]) -> str:
        """The ARN of a one-time configuration called `name`, which scans at once; made only
        once.
        """
        wanted = {"scanNameFilters": [{"comparison": "EQUALS", "value": name}]}
        found = self.call("list_cis_scan_configurations", filterCriteria=wanted)
        for row in found.get("scanConfigurations", ()):
            return str(row["scanConfigurationArn"])
        made = self.call(
            "create_cis_scan_configuration",
            scanName=name,
            securityLevel="LEVEL_1",
            schedule={"oneTime": {}},
            targets={"accountIds": ["SELF"], "targetResourceTags": tags},
        )
        return str(made["scanConfigurationArn"])

    def cis_scan(self, configuration: str) -> dict[str, Any] | None:
        """The scan that a configuration started: status, failedChecks, totalChecks; None at
        first.
        """
        wanted = [{"comparison": "EQUALS", "value": configuration}]
        page = self.call("list_cis_scans", filterCriteria={"scanConfigurationArnFilters": wanted})
        return next(iter(page.get("scans", ())), None)

    def remove_cis_configuration(self, configuration: str) -> None:
        """Removing it again is fine: the quota is 500 and a run must leave none behind."""
        try:
            self.call("delete_cis_scan_configuration", scanConfigurationArn=configuration)
        except Gone:
            return
