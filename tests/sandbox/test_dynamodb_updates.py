"""An update with a tree that is kept and walked quickly answers what moto's own walk answers."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError
from moto import mock_aws
from moto.dynamodb.parsing.ast_nodes import (  # type: ignore[attr-defined]
    DepthFirstTraverser,
    UpdateExpression,
)
from moto.dynamodb.parsing.expressions import UpdateExpressionParser  # type: ignore[attr-defined]
from moto.dynamodb.parsing.validators import ActionCountValidator

from sandbox import ext
from sandbox.ext import dynamodb_updates

KEY = {"pk": {"S": "a"}}
ITEM = {
    **KEY,
    "n": {"N": "1"},
    "s": {"S": "text"},
    "set": {"SS": ["x", "y"]},
    "list": {"L": [{"N": str(each)} for each in range(5)]},
    "map": {"M": {"in": {"M": {"deep": {"S": "d"}}}, "n": {"N": "7"}}},
}
NAMES = {"#n": "n", "#m": "map", "#i": "in", "#d.d": "deep", "#pk": "pk"}
VALUES = {
    ":one": {"N": "1"},
    ":s": {"S": "new"},
    ":empty": {"S": ""},
    ":set": {"SS": ["y", "z"]},
    ":list": {"L": [{"S": "end"}]},
    ":map": {"M": {"q": {"N": "3"}}},
}
EXPRESSIONS = (
    "SET s = :s",
    "SET s=:s,#n=#n+:one",
    "SET #n = #n - :one, fresh = if_not_exists(fresh, :one) + :one",
    "SET list = list_append(list, :list)",
    "SET list = list_append(if_not_exists(nothing, :list), list) REMOVE s",
    "SET #m.#i.deep = :s REMOVE #m.n, list[0], list[3], list[1] ADD #n :one DELETE set :set",
    "REMOVE list[2], list[9], nothing",
    "ADD set :set, added :one",
    "DELETE set :set",
    "SET list[1] = :map, list[20] = :s",
    "SET #m.q = :map, #m.#i = #m.n",
    "SET s = :s SET #n = :one",
    "REMOVE s REMOVE n",
    "ADD n :one SET s = :s ADD added :one",
    "SET s = :s, s = :one",
    "SET #m.n = :s, #m = :map",
    "SET #pk = :s",
    "SET s = nothing",
    "SET s = :unknown",
    "SET #unknown = :s",
    "SET s = s + :one",
    "SET nowhere.deep = :s",
    "ADD s :one",
    "SET s = :s,",
    "SET",
    "",
    "JUMP s",
    "SET s = unknown(:s)",
    "SET n = #n + #n - :one",
)


@contextmanager
def motos_own() -> Iterator[None]:
    """Updates without what is ours."""
    tree: Any = UpdateExpression
    parser: Any = UpdateExpressionParser
    traverser: Any = DepthFirstTraverser
    counter: Any = ActionCountValidator
    del tree.__deepcopy__
    parser.make = dynamodb_updates._make
    traverser.traverse_node_recursively = dynamodb_updates._traverse
    counter.verify_action_counts = dynamodb_updates._verify
    try:
        yield
    finally:
        dynamodb_updates.install()


def made(client: Any, table: str) -> None:
    client.create_table(
        TableName=table,
        BillingMode="PAY_PER_REQUEST",
        AttributeDefinitions=[{"AttributeName": "pk", "AttributeType": "S"}],
        KeySchema=[{"AttributeName": "pk", "KeyType": "HASH"}],
    )
    client.put_item(TableName=table, Item=ITEM)


def update(client: Any, table: str, text: str, key: Any) -> Any:
    """What one update answers, and what it leaves."""
    names = {name: each for name, each in NAMES.items() if name in text}
    values = {name: each for name, each in VALUES.items() if name in text}
    given = {
        **({"ExpressionAttributeNames": names} if names else {}),
        **({"ExpressionAttributeValues": values} if values else {}),
    }
    try:
        answer = client.update_item(
            TableName=table, Key=key, UpdateExpression=text, ReturnValues="ALL_NEW", **given
        ).get("Attributes")
    except ClientError as error:
        answer = error.response["Error"]
    except KeyError as error:  # what moto makes of a name that is not given
        answer = repr(error)
    return answer, client.get_item(TableName=table, Key=key).get("Item")


@pytest.mark.parametrize("text", EXPRESSIONS)
@pytest.mark.parametrize("key", [KEY, {"pk": {"S": "not there"}}], ids=["old", "new"])
def test_updates_answer_as_motos_own(text: str, key: Any) -> None:
    ext.install()
    with mock_aws():
        client = boto3.client("dynamodb", region_name="us-east-1")
        for table in ("ours", "theirs"):
            made(client, table)
        for _ in range(3):
            with motos_own():
                wanted = update(client, "theirs", text, key)
            assert update(client, "ours", text, key) == wanted
