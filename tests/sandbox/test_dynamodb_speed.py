"""DynamoDB found by keys gives what moto's own search of the whole table gives."""

import contextlib
import random
from collections.abc import Iterator
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError
from moto import mock_aws
from moto.dynamodb.models import dynamodb_backends
from moto.dynamodb.models.table import Table

from sandbox import ext
from sandbox.ext import dynamodb_speed

ACCOUNT, REGION, KINDS = "123456789012", "us-east-1", ("run", "event", "none")
NAMES = ("pk", "sk", "kind", "at")


@pytest.fixture
def table() -> Iterator[Any]:
    ext.install()
    with mock_aws():
        client = boto3.client("dynamodb", region_name=REGION)
        client.create_table(
            TableName="ledger",
            BillingMode="PAY_PER_REQUEST",
            AttributeDefinitions=[{"AttributeName": n, "AttributeType": "S"} for n in NAMES],
            KeySchema=_schema("pk", "sk"),
            GlobalSecondaryIndexes=[
                {
                    "IndexName": "by-time",
                    "KeySchema": _schema("kind", "at"),
                    "Projection": {"ProjectionType": "ALL"},
                }
            ],
        )
        yield client


def _schema(first: str, second: str) -> list[dict[str, str]]:
    return [
        {"AttributeName": first, "KeyType": "HASH"},
        {"AttributeName": second, "KeyType": "RANGE"},
    ]


def key(dice: random.Random) -> dict[str, Any]:
    return {"pk": {"S": f"p{dice.randrange(4)}"}, "sk": {"S": f"s{dice.randrange(4)}"}}


def write(client: Any, dice: random.Random) -> None:
    """Any write, some of which are refused."""
    kind, at = {"S": dice.choice(KINDS)}, {"S": str(dice.randrange(9))}
    row = {**key(dice), "at": at, **({"kind": kind} if dice.random() < 0.8 else {})}
    new = "attribute_not_exists(pk)"
    update = {
        "Key": key(dice),
        "UpdateExpression": "SET kind = :kind, #at = :at",
        "ExpressionAttributeNames": {"#at": "at"},
        "ExpressionAttributeValues": {":kind": kind, ":at": at},
        "TableName": "ledger",
    }
    put = {"TableName": "ledger", "Item": row, "ConditionExpression": new}
    with contextlib.suppress(ClientError):
        dice.choice(
            (
                lambda: client.put_item(TableName="ledger", Item=row),
                lambda: client.update_item(**update),
                lambda: client.delete_item(TableName="ledger", Key=key(dice)),
                lambda: client.transact_write_items(
                    TransactItems=[{"Update": update}, {"Put": put}]
                ),
            )
        )()


def asked(client: Any) -> list[Any]:
    """Every query that there is, forwards and backwards, and in pages."""
    given = [("pk", f"p{n}", {}) for n in range(5)]
    given += [("kind", kind, {"IndexName": "by-time"}) for kind in (*KINDS, "never")]
    found = []
    for name, value, more in given:
        for order in ({}, {"ScanIndexForward": False}, {"Limit": 2}):
            answer = client.query(
                TableName="ledger",
                KeyConditionExpression=f"{name} = :value",
                ExpressionAttributeValues={":value": {"S": value}},
                **more,
                **order,
            )
            found.append((answer["Items"], answer["Count"], answer.get("LastEvaluatedKey")))
    return found


@pytest.mark.parametrize("seed", range(6))
def test_whatever_was_written_is_found_as_moto_finds_it(table: Any, seed: int) -> None:
    dice = random.Random(seed)  # noqa: S311 - the same each time
    for _ in range(12):
        for _ in range(5):
            write(table, dice)
        quick, held = asked(table), dynamodb_backends[ACCOUNT][REGION].tables["ledger"]
        assert quick == [*slowly(table)]
        assert "ext_candidates" not in vars(held) and "ext_touched" not in vars(held)


def slowly(client: Any) -> list[Any]:
    """The same with moto's own query."""
    plain: Any = Table
    plain.query = dynamodb_speed._query
    try:
        return asked(client)
    finally:
        plain.query = dynamodb_speed.query


def test_a_transaction_that_is_refused_changes_nothing(table: Any) -> None:
    table.put_item(TableName="ledger", Item={"pk": {"S": "a"}, "sk": {"S": "b"}, "n": {"N": "1"}})
    held = {"TableName": "ledger", "Key": {"pk": {"S": "a"}, "sk": {"S": "b"}}}
    more = {"UpdateExpression": "ADD n :n", "ExpressionAttributeValues": {":n": {"N": "1"}}}
    never = {"TableName": "ledger", "Key": {"pk": {"S": "x"}, "sk": {"S": "y"}}}
    with pytest.raises(ClientError, match="ConditionalCheckFailed"):
        table.transact_write_items(
            TransactItems=[
                {"Update": {**held, **more}},
                {"ConditionCheck": {**never, "ConditionExpression": "attribute_exists(pk)"}},
            ]
        )
    assert table.get_item(**held)["Item"]["n"] == {"N": "1"}
