"""SSM: OpsItems, with the rules on sources, operational data and duplicates."""

import json
from typing import Any

from moto.moto_api._internal import mock_random

from sandbox.clock import CLOCK
from sandbox.runtime.calls import caller
from sandbox.systems.operations import compact, page, serve
from sandbox.systems.wire import Refusal

Params = dict[str, Any]
_RESERVED = ("aws", "amazon", "amzn")
_RESERVED_KEYS = ("aws", "amazon", "amzn", "ssm", "/aws", "/amazon", "/amzn", "/ssm")
_KNOWN_KEYS = ("/aws/resources", "/aws/dedup", "/aws/automations")
_DATA_LIMIT = 20 * 1024
_ENDED = ("Resolved", "Closed")


class InvalidParameter(Refusal):
    """A parameter that OpsCenter refuses."""

    code = "OpsItemInvalidParameterException"


class AlreadyExists(Refusal):
    """An open OpsItem has the same deduplication string."""

    code = "OpsItemAlreadyExistsException"

    def __init__(self, ops_item_id: str) -> None:
        super().__init__(f"Similar OpsItem already exists: {ops_item_id}")
        self.OpsItemId = ops_item_id


def install() -> None:
    """Let moto answer these operations."""
    serve(
        "ssm",
        {
            "CreateOpsItem": create_ops_item,
            "GetOpsItem": get_ops_item,
            "UpdateOpsItem": update_ops_item,
            "DescribeOpsItems": describe_ops_items,
        },
    )


def _items(backend: Any) -> dict[str, Params]:
    return backend.__dict__.setdefault("toban_ops_items", {})


def _check_data(data: dict[str, Params]) -> None:
    for key, entry in data.items():
        if key not in _KNOWN_KEYS and key.lower().startswith(_RESERVED_KEYS):
            raise InvalidParameter(f"Operational data key {key} begins with a reserved name")
        if len(entry.get("Value", "").encode()) > _DATA_LIMIT:
            raise InvalidParameter(f"Operational data {key} is larger than {_DATA_LIMIT} bytes")
    _json(data, "/aws/resources", list)
    _json(data, "/aws/dedup", dict)


def _json(data: dict[str, Params], key: str, kind: type) -> Any:
    """The value of an /aws entry, which is JSON in a string."""
    if key not in data:
        return kind()
    try:
        value = json.loads(data[key].get("Value", ""))
    except ValueError as error:
        raise InvalidParameter(f"The value of {key} is not JSON") from error
    rows = value if isinstance(value, list) else []
    if not isinstance(value, kind) or not all(isinstance(e, dict) and "arn" in e for e in rows):
        raise InvalidParameter(f"The value of {key} has not the form that OpsCenter expects")
    return value


def create_ops_item(backend: Any, params: Params) -> Params:
    """Open an item, unless an open one has the same deduplication string."""
    if params["Source"].lower().startswith(_RESERVED):
        raise InvalidParameter(f"Source must not begin with {', '.join(_RESERVED)}")
    data = params.get("OperationalData", {})
    _check_data(data)
    _refuse_duplicate(backend, _json(data, "/aws/dedup", dict).get("dedupString"))
    ops_item_id = f"oi-{mock_random.get_random_hex(12)}"
    arn = f"arn:aws:ssm:{backend.region_name}:{backend.account_id}:opsitem/{ops_item_id}"
    now, author = CLOCK.now().timestamp(), caller().arn
    _items(backend)[ops_item_id] = {name: params[name] for name in params if name != "Tags"} | {
        "OpsItemId": ops_item_id,
        "OpsItemArn": arn,
        "OpsItemType": params.get("OpsItemType", "/aws/issue"),
        "Status": "Open",
        "Version": "1",
        "CreatedBy": author,
        "CreatedTime": now,
        "LastModifiedBy": author,
        "LastModifiedTime": now,
    }
    return {"OpsItemId": ops_item_id, "OpsItemArn": arn}


def _refuse_duplicate(backend: Any, text: str | None) -> None:
    for item in _items(backend).values() if text else ():
        held = _json(item.get("OperationalData", {}), "/aws/dedup", dict).get("dedupString")
        if held == text and item["Status"] not in _ENDED:
            raise AlreadyExists(item["OpsItemId"])


def _item(backend: Any, params: Params) -> Params:
    ops_item_id = params["OpsItemId"]
    if ops_item_id not in _items(backend):
        raise Refusal("OpsItemNotFoundException", f"OpsItem {ops_item_id} not found")
    return _items(backend)[ops_item_id]


def get_ops_item(backend: Any, params: Params) -> Params:
    """One item with all its data."""
    return {"OpsItem": _item(backend, params)}


def update_ops_item(backend: Any, params: Params) -> Params:
    """Change members of an item; operational data is merged."""
    item = _item(backend, params)
    new_data = params.get("OperationalData", {})
    _check_data(new_data)
    dropped = params.get("OperationalDataToDelete", ())
    data = item.get("OperationalData", {}) | new_data
    changes = {name: params[name] for name in params if name != "OperationalDataToDelete"}
    item |= changes | {
        "OperationalData": {key: data[key] for key in data if key not in dropped},
        "Version": str(int(item["Version"]) + 1),
        "LastModifiedBy": caller().arn,
        "LastModifiedTime": CLOCK.now().timestamp(),
    }
    return {}


_SUMMARY = (
    "CreatedBy",
    "CreatedTime",
    "LastModifiedBy",
    "LastModifiedTime",
    "Priority",
    "Source",
    "Status",
    "OpsItemId",
    "Title",
    "OperationalData",
    "Category",
    "Severity",
    "OpsItemType",
)


def describe_ops_items(backend: Any, params: Params) -> Params:
    """Summaries of the items that pass all filters, newest first."""
    rules = params.get("OpsItemFilters", [])
    found = [
        {name: item[name] for name in _SUMMARY if name in item}
        for item in reversed(_items(backend).values())
        if all(_passes(item, rule) for rule in rules)
    ]
    rows, token = page("ssm", params, found, 50)
    return compact(OpsItemSummaries=rows, NextToken=token)


def _passes(item: Params, rule: Params) -> bool:
    values = list(_values(item, rule["Key"]))
    if rule["Operator"] == "Contains":
        return any(wanted in value for wanted in rule["Values"] for value in values)
    if rule["Operator"] == "Equal":
        return any(wanted == value for wanted in rule["Values"] for value in values)
    above = rule["Operator"] == "GreaterThan"
    return any((value > wanted) is above for wanted in rule["Values"] for value in values)


def _values(item: Params, key: str) -> list[str]:
    data = item.get("OperationalData", {})
    if key == "ResourceId":
        return [each["arn"] for each in _json(data, "/aws/resources", list)]
    if key == "OperationalDataKey":
        return list(data)
    if key == "OperationalDataValue":
        return [entry.get("Value", "") for entry in data.values()]
    return [str(item[key])] if key in item else []
