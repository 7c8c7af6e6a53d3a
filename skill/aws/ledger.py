"""The ledger's items in one DynamoDB table: runs, steps, open questions, evidence, containments.

Keys: `run#<id>`/`record`, `run#<id>`/`step#<n>`, `question#<token>`/`open`, `entity#<id>`/<what>,
`lock#<person>`/`pin`, `visit#<person>`/`last`. Index `by-time` lists runs, evidence and
containments, newest first. `doc` is JSON; `head` is the part of a run that a spoken answer needs,
small whatever the fleet.
"""

import json
from collections.abc import Mapping
from typing import Any

from skill.aws.client import Service
from skill.errors import Conflict

Doc = dict[str, Any]
_CHECK = "ConditionalCheckFailedException"
_NEW = "attribute_not_exists(pk)"


class Ledger(Service):
    name = "dynamodb"

    def __init__(self, clients: Any, table: str) -> None:
        super().__init__(clients)
        self.table = table

    def put(
        self,
        pk: str,
        sk: str,
        doc: Doc,
        condition: str = "",
        given: Mapping[str, str | int] | None = None,
        **attributes: Any,
    ) -> bool:
        """Write an item; False if `condition`, with the values `given`, forbids it."""
        item = {"pk": pk, "sk": sk, "doc": json.dumps(doc), **attributes}
        extra: Doc = {"ConditionExpression": condition} if condition else {}
        if given:
            extra["ExpressionAttributeValues"] = _item({f":{k}": v for k, v in given.items()})
        try:
            self.call("put_item", TableName=self.table, Item=_item(item), **extra)
        except Conflict as error:
            if error.facts["code"] != _CHECK:
                raise
            return False
        return True

    def put_new(self, pk: str, sk: str, doc: Doc, **attributes: Any) -> bool:
        """Write an item that must not exist yet; False if it does."""
        return self.put(pk, sk, doc, _NEW, **attributes)

    def get(self, pk: str, sk: str, sure: bool = False) -> Doc | None:
        """An item; `sure` also sees what was written in this moment."""
        key = _item({"pk": pk, "sk": sk})
        answer = self.call("get_item", TableName=self.table, Key=key, ConsistentRead=sure)
        item = _plain(answer.get("Item", {}))
        return {**item, "doc": json.loads(item["doc"])} if item else None

    def change(
        self, pk: str, sk: str, condition: str, sets: Doc, **values: Any
    ) -> tuple[Doc | None, bool]:
        """Set attributes of an existing item if `condition` holds.

        The item as it is now (None if there is none), and whether it was changed.
        """
        given = {f":{k}": v for k, v in values.items()} | {f":set_{k}": v for k, v in sets.items()}
        try:
            answer = self.call(
                "update_item",
                TableName=self.table,
                Key=_item({"pk": pk, "sk": sk}),
                UpdateExpression="SET " + ", ".join(f"#{name} = :set_{name}" for name in sets),
                ConditionExpression=condition,
                ExpressionAttributeNames={f"#{name}": name for name in sets},
                ExpressionAttributeValues=_item(given),
                ReturnValues="ALL_NEW",
                ReturnValuesOnConditionCheckFailure="ALL_OLD",
            )
        except Conflict as error:
            if error.facts["code"] != _CHECK:
                raise
            return _read(getattr(error.__cause__, "response", {}).get("Item", {})), False
        return _read(answer["Attributes"]), True

    def delete(self, pk: str, sk: str) -> None:
        self.call("delete_item", TableName=self.table, Key=_item({"pk": pk, "sk": sk}))

    def delete_if(self, pk: str, sk: str, condition: str, given: Mapping[str, str]) -> bool:
        """Delete an item if `condition` holds; False if it does not."""
        try:
            self.call(
                "delete_item",
                TableName=self.table,
                Key=_item({"pk": pk, "sk": sk}),
                ConditionExpression=condition,
                ExpressionAttributeValues=_item({f":{k}": v for k, v in given.items()}),
            )
        except Conflict as error:
            if error.facts["code"] != _CHECK:
                raise
            return False
        return True

    def children(self, pk: str, prefix: str) -> list[Doc]:
        """The documents under one key whose sort key starts with `prefix`, in order."""
        rows = self.pages_of_items(
            KeyConditionExpression="pk = :pk AND begins_with(sk, :prefix)",
            ExpressionAttributeValues=_item({":pk": pk, ":prefix": prefix}),
        )
        return [json.loads(_plain(row)["doc"]) for row in rows]

    def last_child(self, pk: str, prefix: str) -> Doc | None:
        """The last of the documents under one key, in one call; None if there is none."""
        page = self.call(
            "query",
            TableName=self.table,
            KeyConditionExpression="pk = :pk AND begins_with(sk, :prefix)",
            ExpressionAttributeValues=_item({":pk": pk, ":prefix": prefix}),
            ScanIndexForward=False,
            Limit=1,
        )
        return next((json.loads(_plain(row)["doc"]) for row in page["Items"]), None)

    def pages_of_items(self, **query: Any) -> list[Doc]:
        """Every item of a query; DynamoDB pages by size with a key of its own."""
        rows: list[Doc] = []
        start: dict[str, Any] = {}
        while True:
            page = self.call("query", TableName=self.table, **query, **start)
            rows += page["Items"]
            if not page.get("LastEvaluatedKey"):
                return rows
            start = {"ExclusiveStartKey": page["LastEvaluatedKey"]}

    def docs(self, kind: str) -> list[Doc]:
        """The documents of all items of one kind, newest first; 1 MB of them to a call.

        The index follows the table by a moment: what was just written may be missing.
        """
        rows = self.pages_of_items(
            IndexName="by-time",
            KeyConditionExpression="kind = :kind",
            ExpressionAttributeValues=_item({":kind": kind}),
            ScanIndexForward=False,
        )
        return [json.loads(_plain(row)["doc"]) for row in rows]

    def newest(self, kind: str, since: str, most: int = 100) -> list[Doc]:
        """The heads of items of one kind since an ISO time, newest first, in one call."""
        page = self.call(
            "query",
            TableName=self.table,
            IndexName="by-time",
            KeyConditionExpression="kind = :kind AND #at >= :since",
            ExpressionAttributeNames={"#at": "at"},
            ExpressionAttributeValues=_item({":kind": kind, ":since": since}),
            ProjectionExpression="head",
            ScanIndexForward=False,
            Limit=most,
        )
        return [json.loads(_plain(row)["head"]) for row in page["Items"] if "head" in row]

    def since(self, kind: str, since: str, most: int) -> list[Doc]:
        """Up to `most` items of one kind since an ISO time, newest first, each with its head
        parsed and without its doc, in one call (1 MB).
        """
        page = self.call(
            "query",
            TableName=self.table,
            IndexName="by-time",
            KeyConditionExpression="kind = :kind AND #at >= :since",
            ExpressionAttributeNames={"#at": "at"},
            ExpressionAttributeValues=_item({":kind": kind, ":since": since}),
            ScanIndexForward=False,
            Limit=most,
        )
        rows = [_plain(row) for row in page["Items"]]
        return [{**row, "head": json.loads(row["head"]), "doc": None} for row in rows]

    def page(self, kind: str, start: Doc | None, most: int) -> tuple[list[Doc], Doc | None]:
        """The next `most` items of one kind, oldest first, each with its head parsed and without
        its doc; and where to go on, None at the end.
        """
        page = self.call(
            "query",
            TableName=self.table,
            IndexName="by-time",
            KeyConditionExpression="kind = :kind",
            ExpressionAttributeValues=_item({":kind": kind}),
            Limit=most,
            **({"ExclusiveStartKey": _item(start)} if start else {}),
        )
        following = page.get("LastEvaluatedKey")
        rows = [_plain(row) for row in page["Items"]]
        kept = [{**row, "head": json.loads(row["head"]), "doc": None} for row in rows]
        return kept, _plain(following) if following else None


def _read(item: Mapping[str, Any]) -> Doc | None:
    plain = _plain(item)
    return {**plain, "doc": json.loads(plain["doc"])} if plain else None


def _item(values: Mapping[str, Any]) -> dict[str, Any]:
    """Strings, numbers and booleans as DynamoDB's typed values; the ledger has no others."""
    return {name: _typed(value) for name, value in values.items()}


def _typed(value: str | int | bool) -> dict[str, Any]:
    if isinstance(value, bool):
        return {"BOOL": value}
    return {"S": value} if isinstance(value, str) else {"N": str(value)}


def _plain(item: Mapping[str, Any]) -> Doc:
    return {
        name: int(value["N"]) if "N" in value else next(iter(value.values()))
        for name, value in item.items()
    }
