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
from skill.aws.items import NEW, Change, Doc, document_of, item_of, plain
from skill.errors import Conflict

_CHECK = "ConditionalCheckFailedException"


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
            extra["ExpressionAttributeValues"] = item_of({f":{k}": v for k, v in given.items()})
        try:
            self.call("put_item", TableName=self.table, Item=item_of(item), **extra)
        except Conflict as error:
            if error.facts["code"] != _CHECK:
                raise
            return False
        return True

    def put_new(self, pk: str, sk: str, doc: Doc, **attributes: Any) -> bool:
        """Write an item that must not exist yet; False if it does."""
        return self.put(pk, sk, doc, NEW, **attributes)

    def replace(self, pk: str, sk: str, doc: Doc, **attributes: Any) -> Doc | None:
        """Write an item, whatever was there: that."""
        item = item_of({"pk": pk, "sk": sk, "doc": json.dumps(doc), **attributes})
        answer = self.call("put_item", TableName=self.table, Item=item, ReturnValues="ALL_OLD")
        return document_of(answer.get("Attributes", {}))

    def get(self, pk: str, sk: str, sure: bool = False) -> Doc | None:
        """An item; `sure` also sees what was written in this moment."""
        key = item_of({"pk": pk, "sk": sk})
        answer = self.call("get_item", TableName=self.table, Key=key, ConsistentRead=sure)
        item = plain(answer.get("Item", {}))
        return {**item, "doc": json.loads(item["doc"])} if item else None

    def change(
        self, pk: str, sk: str, condition: str, sets: Doc, **values: Any
    ) -> tuple[Doc | None, bool]:
        """Set attributes of an existing item if `condition` holds.

        The item as it is now (None if there is none), and whether it was changed.
        """
        given = {**values, **{f"set_{name}": value for name, value in sets.items()}}
        expression = "SET " + ", ".join(f"#{name} = :set_{name}" for name in sets)
        return self.update(pk, sk, expression, condition, tuple(sets), given)

    def update(
        self,
        pk: str,
        sk: str,
        expression: str,
        condition: str,
        names: tuple[str, ...],
        given: Mapping[str, str | int],
    ) -> tuple[Doc | None, bool]:
        """As `change`, with DynamoDB's own expression: attributes are `#name`, values `:name`."""
        extra: Doc = {"ConditionExpression": condition} if condition else {}
        if names:
            extra["ExpressionAttributeNames"] = {f"#{name}": name for name in names}
        try:
            answer = self.call(
                "update_item",
                TableName=self.table,
                Key=item_of({"pk": pk, "sk": sk}),
                UpdateExpression=expression,
                ExpressionAttributeValues=item_of({f":{k}": v for k, v in given.items()}),
                ReturnValues="ALL_NEW",
                ReturnValuesOnConditionCheckFailure="ALL_OLD",
                **extra,
            )
        except Conflict as error:
            if error.facts["code"] != _CHECK:
                raise
            return document_of(getattr(error.__cause__, "response", {}).get("Item", {})), False
        return document_of(answer["Attributes"]), True

    def transact(self, *changes: Change) -> list[str]:
        """All of them or none; then why, for each of them ("None" where it was not the reason)."""
        try:
            items = [change.of(self.table) for change in changes]
            self.call("transact_write_items", TransactItems=items)
        except Conflict as error:
            if error.facts["code"] != "TransactionCanceledException":
                raise
            reasons = getattr(error.__cause__, "response", {}).get("CancellationReasons", [])
            return [str(reason.get("Code")) for reason in reasons] or ["unknown"]
        return []

    def delete(self, pk: str, sk: str) -> None:
        self.call("delete_item", TableName=self.table, Key=item_of({"pk": pk, "sk": sk}))

    def delete_if(self, pk: str, sk: str, condition: str, given: Mapping[str, str | int]) -> bool:
        """Delete an item if `condition` holds; False if it does not."""
        try:
            self.call(
                "delete_item",
                TableName=self.table,
                Key=item_of({"pk": pk, "sk": sk}),
                ConditionExpression=condition,
                ExpressionAttributeValues=item_of({f":{k}": v for k, v in given.items()}),
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
            ExpressionAttributeValues=item_of({":pk": pk, ":prefix": prefix}),
        )
        return [json.loads(plain(row)["doc"]) for row in rows]

    def between(self, pk: str, first: str, last: str, most: int = 0) -> list[Doc]:
        """The items under one key from sort key `first` to `last`, in order, as they are now: all,
        or `most` of them in one call. Each has its `sk` and its `doc`.
        """
        query: Doc = {
            "KeyConditionExpression": "pk = :pk AND sk BETWEEN :first AND :last",
            "ExpressionAttributeValues": item_of({":pk": pk, ":first": first, ":last": last}),
            "ConsistentRead": True,
        }
        if most:
            rows = self.call("query", TableName=self.table, Limit=most, **query)["Items"]
        else:
            rows = self.pages_of_items(**query)
        return [found for row in rows if (found := document_of(row))]

    def last_child(self, pk: str, prefix: str) -> Doc | None:
        """The last of the documents under one key, in one call; None if there is none."""
        page = self.call(
            "query",
            TableName=self.table,
            KeyConditionExpression="pk = :pk AND begins_with(sk, :prefix)",
            ExpressionAttributeValues=item_of({":pk": pk, ":prefix": prefix}),
            ScanIndexForward=False,
            Limit=1,
        )
        return next((json.loads(plain(row)["doc"]) for row in page["Items"]), None)

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
            ExpressionAttributeValues=item_of({":kind": kind}),
            ScanIndexForward=False,
        )
        return [json.loads(plain(row)["doc"]) for row in rows]

    def newest(self, kind: str, since: str, most: int = 100) -> list[Doc]:
        """The heads of items of one kind since an ISO time, newest first, in one call."""
        page = self._since(kind, since, most, ProjectionExpression="head")
        return [json.loads(plain(row)["head"]) for row in page["Items"] if "head" in row]

    def _since(self, kind: str, since: str, most: int, **more: Any) -> Doc:
        """One page of the index: items of one kind since an ISO time, newest first."""
        return self.call(
            "query",
            TableName=self.table,
            IndexName="by-time",
            KeyConditionExpression="kind = :kind AND #at >= :since",
            ExpressionAttributeNames={"#at": "at"},
            ExpressionAttributeValues=item_of({":kind": kind, ":since": since}),
            ScanIndexForward=False,
            Limit=most,
            **more,
        )

    def since(self, kind: str, since: str, most: int) -> list[Doc]:
        """Up to `most` items of one kind since an ISO time, newest first, each with its head
        parsed and without its doc, in one call (1 MB).
        """
        page = self._since(kind, since, most)
        rows = [plain(row) for row in page["Items"]]
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
            ExpressionAttributeValues=item_of({":kind": kind}),
            Limit=most,
            **({"ExclusiveStartKey": item_of(start)} if start else {}),
        )
        following = page.get("LastEvaluatedKey")
        rows = [plain(row) for row in page["Items"]]
        kept = [{**row, "head": json.loads(row["head"]), "doc": None} for row in rows]
        return kept, plain(following) if following else None
