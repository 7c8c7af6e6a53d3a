"""Update expressions of DynamoDB: one text is parsed once, and a tree is walked without detours.

moto parses an expression twice for each update, copies the tree, and walks it ten times; at each
node it asks abstract classes what they are, and looks for clauses within what cannot have any. No
answer changes by it.
"""

import pickle
from collections.abc import Callable
from functools import lru_cache
from typing import Any

from moto.dynamodb.parsing.ast_nodes import (  # type: ignore[attr-defined]
    DepthFirstTraverser,
    Node,
    UpdateExpression,
    UpdateExpressionClause,
)
from moto.dynamodb.parsing.expressions import UpdateExpressionParser  # type: ignore[attr-defined]
from moto.dynamodb.parsing.validators import ActionCountValidator

from .dynamodb_speed import copied
from .ec2_base import patch

# moto's own; the test sets all three against ours.
_make: Any = UpdateExpressionParser.make
_verify: Any = ActionCountValidator.verify_action_counts
_traverse: Any = DepthFirstTraverser.traverse_node_recursively
Process = Callable[[Any], Any]


@lru_cache(maxsize=500)
def make(text: str) -> Any:
    """The tree of an expression. Whoever changes one changes a copy; errors are not kept."""
    return _make(text)


def deepcopy(self: Any, memo: dict[int, Any]) -> Any:
    """A copy of a whole tree comes from its bytes; a part of one is copied as ever."""
    if self.parent is None:
        if "ext_bytes" not in vars(self):
            self.ext_bytes = pickle.dumps(self)
        return pickle.loads(self.ext_bytes)  # noqa: S301 (ours)
    return copied(self, memo)


def verify_action_counts(self: Any, node: Any) -> Any:
    """As moto's; there are no clauses in a clause."""
    return node if isinstance(node, UpdateExpressionClause) else _verify(self, node)


@lru_cache(maxsize=500)
def _is_node(kind: Any) -> bool:
    return issubclass(kind, Node)


def _process(traverser: Any, kind: type) -> Process | None:
    """What a traverser does with a kind of node."""
    known: dict[type, Process | None] = vars(traverser).setdefault("ext_known", {})
    if kind not in known:
        rules = traverser._processing_map().items()
        known[kind] = next((rule for wanted, rule in rules if issubclass(kind, wanted)), None)
    return known[kind]


def traverse_node_recursively(self: Any, node: Any, child_id: int = -1) -> Any:
    """As moto's: the children first, then the node itself, which may be replaced."""
    kind: Any = type(node)
    if not _is_node(kind):
        return node
    parent = node.parent
    for place, child in enumerate(node.children or ()):
        self.pre_processing_of_child(node, place)
        self.traverse_node_recursively(child, place)
    if rule := _process(self, kind):
        node = rule(node)
        node.parent = parent
        if parent:
            parent.children[child_id] = node
    return node


def install() -> None:
    """Stand in front of moto's own."""
    patch(DepthFirstTraverser, traverse_node_recursively=traverse_node_recursively)
    patch(ActionCountValidator, verify_action_counts=verify_action_counts)
    parser: Any = UpdateExpressionParser
    parser.make = staticmethod(make)
    tree: Any = UpdateExpression
    tree.__deepcopy__ = deepcopy
