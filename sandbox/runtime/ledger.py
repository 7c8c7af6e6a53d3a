"""The ledger as the box shows it: the run records of TobanTable."""

import json
from typing import Any


def read_runs(dynamodb: Any, table: str) -> list[dict[str, Any]]:
    """Every run record, newest last."""
    pages = dynamodb.get_paginator("scan").paginate(TableName=table)
    items = [item for page in pages for item in page["Items"]]
    runs = [item for item in items if _is_run(item)]
    return [_document(item) for item in sorted(runs, key=_order)]


def _is_run(item: dict[str, Any]) -> bool:
    return item["pk"].get("S", "").startswith("run#") and item["sk"].get("S") == "record"


def _document(item: dict[str, Any]) -> dict[str, Any]:
    document: dict[str, Any] = json.loads(item["doc"]["S"])
    return document


def _order(item: dict[str, Any]) -> str:
    document = _document(item)
    return f"{document.get('started') or document.get('at') or ''} {document.get('id', '')}"
