"""DynamoDB in a large table: a query looks at what may match, a transaction keeps what it touches.

moto sorts the whole table for each query, and copies it twice for a transaction of two writes. Here
each item is found by its keys. What is found is only more than what matches: moto's own comparisons
still decide.
"""

import copy
from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from moto.dynamodb.models import DynamoDBBackend
from moto.dynamodb.models.dynamo_type import DynamoType, Item
from moto.dynamodb.models.table import Table

from .ec2_base import patch

_query: Any = Table.query
_all_items: Any = Table.all_items
_put_item: Any = Table.put_item
_update_item: Any = DynamoDBBackend.update_item
_transact: Any = DynamoDBBackend.transact_write_items
Shelf = dict[tuple[str, str], dict[tuple[DynamoType, DynamoType], Item]]


def _candidates(table: Any, hash_key: Any, index: str | None, conditions: Any) -> list[Item] | None:
    """What may match: the items under a key, or those that ever had an index's key; None where
    that is not known.
    """
    if not table.range_key_attr:
        return None
    if not index:
        return list(table.items[hash_key].values()) if hash_key in table.items else []
    if not conditions or conditions[0][0] not in _hash_keys(table) or conditions[0][1].type != "S":
        return None
    name, wanted = conditions[0]
    found = _shelf(table).get((name, wanted.value), {})
    return [item for (one, other), item in found.items() if _is_there(table, one, other, item)]


def _is_there(table: Any, hash_key: Any, range_key: Any, item: Item) -> bool:
    return hash_key in table.items and table.items[hash_key].get(range_key) is item


def _shelf(table: Any) -> Shelf:
    """Items by each attribute that is the hash key of an index, and its value."""
    if "ext_shelf" not in table.__dict__:
        table.ext_shelf = defaultdict(dict)
        for item in _all_items(table):
            _put_on(table, item)
    shelf: Shelf = table.ext_shelf
    return shelf


def _put_on(table: Any, item: Item) -> None:
    for name in _hash_keys(table):
        held = item.attrs.get(name)
        if held and held.type == "S":
            table.ext_shelf[name, held.value][item.hash_key, item.range_key] = item


def _hash_keys(table: Any) -> Iterator[str]:
    for index in table.all_indexes():
        yield from (key["AttributeName"] for key in index.schema if key["KeyType"] == "HASH")


def query(self: Any, hash_key: Any, *args: Any, **given: Any) -> Any:
    """As moto's, with less to look at."""
    index = args[6] if len(args) > 6 else given.get("index_name")
    self.ext_candidates = _candidates(self, hash_key, index, given.get("hash_key_conditions"))
    try:
        return _query(self, hash_key, *args, **given)
    finally:
        del self.ext_candidates


def all_items(self: Any) -> list[Item]:
    """All, or while a query is made those that may match."""
    found: list[Item] | None = self.__dict__.get("ext_candidates")
    return _all_items(self) if found is None else found


def put_item(self: Any, *args: Any, **given: Any) -> Item:
    """As moto's; the item can be found from now on."""
    item: Item = _put_item(self, *args, **given)
    if "ext_shelf" in self.__dict__:
        _put_on(self, item)
    return item


def update_item(self: Any, table_name: str, *args: Any, **given: Any) -> Item:
    """As moto's; the item can be found by what it has become."""
    item: Item = _update_item(self, table_name, *args, **given)
    table = self.get_table(table_name)
    if "ext_shelf" in table.__dict__:
        _put_on(table, item)
    return item


def transact_write_items(self: Any, transact_items: list[dict[str, Any]]) -> None:
    """As moto's, which copies the tables to put them back if a condition fails."""
    tables = [table for table in self.tables.values() if table.stream_shard is None]
    for table in tables:
        table.ext_touched = list(_touched(table, transact_items))
    try:
        _transact(self, transact_items)
    finally:
        for table in {id(one): one for one in (*tables, *self.tables.values())}.values():
            table.__dict__.pop("ext_touched", None)


def _touched(table: Any, transact_items: list[dict[str, Any]]) -> Iterator[tuple[Any, Any]]:
    for operation in transact_items:
        for row in operation.values():
            key = row.get("Key") or row.get("Item") or {}
            if row.get("TableName") in (table.name, table.table_arn) and table.hash_key_attr in key:
                other = key.get(table.range_key_attr)
                yield DynamoType(key[table.hash_key_attr]), other and DynamoType(other)


def deepcopy(self: Any, memo: dict[int, Any]) -> Any:
    """A copy of a table; for a transaction with copies of what that touches alone."""
    if "ext_touched" in self.__dict__ and self.range_key_attr:
        made = copy.copy(self)
        made.__dict__.pop("ext_shelf", None)
        made.items = defaultdict(dict, {key: dict(rows) for key, rows in self.items.items()})
        for key, other in self.ext_touched:
            if key in made.items and other in made.items[key]:
                made.items[key][other] = copy.deepcopy(made.items[key][other])
        return made
    return copied(self, memo)


def copied(thing: Any, memo: dict[int, Any]) -> Any:
    """A deep copy of something whose class has a way of its own: as if it had none."""
    made = memo[id(thing)] = thing.__class__.__new__(thing.__class__)
    made.__dict__.update({name: copy.deepcopy(value, memo) for name, value in vars(thing).items()})
    return made


def install() -> None:
    """Stand in front of moto's own."""
    table: Any = Table
    table.__deepcopy__ = deepcopy
    patch(Table, query=query, all_items=all_items, put_item=put_item)
    patch(DynamoDBBackend, update_item=update_item, transact_write_items=transact_write_items)
