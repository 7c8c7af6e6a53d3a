"""Lambda functions of the account, as things to contain. Names are without their qualifiers."""

from collections.abc import Iterator
from typing import Any

from skill.aws.client import Service
from skill.errors import Gone

Row = dict[str, Any]


class Functions(Service):
    name = "lambda"
    busy = ("ResourceInUseException", "ResourceConflictException")

    def one(self, name: str) -> Row:
        """The configuration, as {"FunctionName", "FunctionArn", "Role", ...}. Raises Gone."""
        return self.call("get_function_configuration", FunctionName=name)

    def listed(self) -> Iterator[tuple[list[Row], bool]]:
        """All functions, 50 at a time, and whether there are more: what is not taken is not asked
        for.
        """
        marker: dict[str, str] = {}
        while True:
            page = self.call("list_functions", **marker)
            following = page.get("NextMarker")
            yield page.get("Functions", []), bool(following)
            if not following:
                return
            marker = {"Marker": following}

    def tags(self, arn: str) -> dict[str, str]:
        found: dict[str, str] = self.call("list_tags", Resource=arn).get("Tags", {})
        return found

    def reserved(self, name: str) -> int | None:
        """The reserved concurrency; None when the function shares the account's."""
        found: int | None = self.call("get_function_concurrency", FunctionName=name).get(
            "ReservedConcurrentExecutions"
        )
        return found

    def reserve(self, name: str, concurrency: int | None) -> None:
        """Set the reserved concurrency; None takes it away. Raises Conflict where 100 would not
        stay unreserved.
        """
        if concurrency is None:
            self.call("delete_function_concurrency", FunctionName=name)
            return
        self.call(
            "put_function_concurrency",
            FunctionName=name,
            ReservedConcurrentExecutions=concurrency,
        )

    def mappings(self, function: str) -> dict[str, str]:
        """UUID of each event source mapping to its state ("Enabled", "Disabling", ...), of a
        function by ARN with all its versions and aliases.

        All of the Region are looked through: asked for one function, Lambda leaves out those of
        its aliases (unverified).
        """
        rows = self.marked("list_event_source_mappings", "EventSourceMappings")
        return {row["UUID"]: row["State"] for row in rows if _whole(row["FunctionArn"]) == function}

    def enable(self, mapping: str, on: bool) -> bool:
        """Switch an event source mapping; that takes a while. False if it was deleted."""
        try:
            self.call("update_event_source_mapping", UUID=mapping, Enabled=on)
        except Gone:
            return False
        return True

    def provisioned(self, name: str) -> dict[str, int]:
        """Version or alias to the provisioned concurrency that was asked for."""
        field = "ProvisionedConcurrencyConfigs"
        rows = self.marked("list_provisioned_concurrency_configs", field, FunctionName=name)
        asked = "RequestedProvisionedConcurrentExecutions"
        return {row["FunctionArn"].rpartition(":")[2]: row[asked] for row in rows}

    def provide(self, name: str, qualifier: str, concurrency: int) -> None:
        """Provision concurrency; that takes a while. Raises Conflict above what is reserved."""
        self.call(
            "put_provisioned_concurrency_config",
            FunctionName=name,
            Qualifier=qualifier,
            ProvisionedConcurrentExecutions=concurrency,
        )

    def unprovide(self, name: str, qualifier: str) -> None:
        operation = "delete_provisioned_concurrency_config"
        self.call(operation, FunctionName=name, Qualifier=qualifier)


def _whole(arn: str) -> str:
    """A function's ARN without version or alias."""
    return ":".join(arn.split(":")[:7])
