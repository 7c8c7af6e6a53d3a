"""The ledger as the box shows it: the run records of TobanTable."""

import json
from typing import Any


def read_runs(dynamodb: Any, table: str) -> list[dict[str, Any]]:
    """Every run record, newest last. Sifted by the table: whole ledgers are slow to read."""
    pages = dynamodb.get_paginator("scan").paginate(
        TableName=table,
        FilterExpression="begins_with(pk, :run) AND sk = :record",
        ExpressionAttributeValues={":run": {"S": "run#"}, ":record": {"S": "record"}},
    )
    runs = [item for page in pages for item in page["Items"]]
    return [_document(item) for item in sorted(runs, key=_order)]


def _document(item: dict[str, Any]) -> dict[str, Any]:
    document: dict[str, Any] = json.loads(item["doc"]["S"])
    return document


def _order(item: dict[str, Any]) -> str:
    document = _document(item)
    return f"{document.get('started') or document.get('at') or ''} {document.get('id', '')}"
