"""Items as DynamoDB takes and gives them, and one item's part of a transaction."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

Doc = dict[str, Any]
NEW = "attribute_not_exists(pk)"


@dataclass(frozen=True)
class Change:
    """One item's part of a transaction: attributes are `#name` in it, values `:name`."""

    pk: str
    sk: str
    expression: str
    condition: str
    names: Mapping[str, str]
    given: Mapping[str, str | int]
    kind: str = "Update"

    @classmethod
    def new(cls, pk: str, sk: str, doc: Doc, **attributes: Any) -> Self:
        """An item that must not be there yet."""
        given = {"doc": json.dumps(doc), **attributes}
        sets = "SET " + ", ".join(f"#{name} = :{name}" for name in given)
        return cls(pk, sk, sets, NEW, {name: name for name in given}, given)

    @classmethod
    def gone(cls, pk: str, sk: str) -> Self:
        """An item that must be there, and is not afterwards."""
        return cls(pk, sk, "", "attribute_exists(pk)", {}, {}, "Delete")

    def of(self, table: str) -> Doc:
        """As DynamoDB takes it."""
        parts: Doc = {
            "TableName": table,
            "Key": item_of({"pk": self.pk, "sk": self.sk}),
            "ConditionExpression": self.condition,
            "UpdateExpression": self.expression,
            "ExpressionAttributeNames": {f"#{k}": name for k, name in self.names.items()},
            "ExpressionAttributeValues": item_of({f":{k}": v for k, v in self.given.items()}),
        }
        return {self.kind: {name: part for name, part in parts.items() if part}}


def document_of(item: Mapping[str, Any]) -> Doc | None:
    found = plain(item)
    return {**found, "doc": json.loads(found["doc"])} if found else None


def item_of(values: Mapping[str, Any]) -> dict[str, Any]:
    """Strings, numbers and booleans as DynamoDB's typed values; the ledger has no others."""
    return {name: _typed(value) for name, value in values.items()}


def _typed(value: str | int | bool) -> dict[str, Any]:
    if isinstance(value, bool):
        return {"BOOL": value}
    return {"S": value} if isinstance(value, str) else {"N": str(value)}


def plain(item: Mapping[str, Any]) -> Doc:
    return {
        name: int(value["N"]) if "N" in value else next(iter(value.values()))
        for name, value in item.items()
    }
