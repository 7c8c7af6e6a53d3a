"""Event patterns: every operator, arrays, alternatives, malformed ones, and properties."""

import json
import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sandbox.delivery.patterns import PatternError, compile_pattern

EVENT = {
    "source": "aws.ec2",
    "resources": ["arn:a", "arn:b"],
    "detail": {
        "state": "running",
        "count": 5,
        "ratio": 0.5,
        "ok": True,
        "nothing": None,
        "empty": "",
        "none": [],
        "ip": "10.0.0.33",
        "ip6": "2001:db8::1",
        "file": "a/b*c\\d.png",
        "nested": {"leaf": 1},
        "tagSet": {
            "items": [
                {"key": "Toban", "value": "assess", "deep": [{"a": 1, "b": 1}, {"a": 2, "b": 2}]},
                {"key": "Name", "value": "isolate", "deep": [{"a": 1, "b": 3}]},
            ]
        },
    },
}

DETAILS = [
    ({"state": ["stopped", "running"]}, True),
    ({"state": ["Running"]}, False),
    ({"count": [5]}, True),
    ({"count": ["5"]}, False),
    ({"count": [5.0]}, False),
    ({"ratio": [0.5]}, True),
    ({"ok": [True]}, True),
    ({"ok": [1]}, False),
    ({"count": [True]}, False),
    ({"nothing": [None]}, True),
    ({"gone": [None]}, False),
    ({"empty": [""]}, True),
    ({"state": [{"prefix": "run"}]}, True),
    ({"state": [{"prefix": {"equals-ignore-case": "RUN"}}]}, True),
    ({"count": [{"prefix": "5"}]}, False),
    ({"state": [{"suffix": "ing"}]}, True),
    ({"state": [{"suffix": {"equals-ignore-case": "ING"}}]}, True),
    ({"state": [{"suffix": "run"}]}, False),
    ({"state": [{"equals-ignore-case": "RUNNING"}]}, True),
    ({"state": [{"anything-but": "running"}]}, False),
    ({"state": [{"anything-but": ["stopped", "pending"]}]}, True),
    ({"state": [{"anything-but": ["stopped", "running"]}]}, False),
    ({"count": [{"anything-but": [5, 6]}]}, False),
    ({"count": [{"anything-but": 6}]}, True),
    ({"ok": [{"anything-but": 1}]}, True),
    ({"state": [{"anything-but": {"prefix": "run"}}]}, False),
    ({"state": [{"anything-but": {"prefix": ["a", "b"]}}]}, True),
    ({"state": [{"anything-but": {"suffix": "ing"}}]}, False),
    ({"state": [{"anything-but": {"equals-ignore-case": ["RUNNING"]}}]}, False),
    ({"state": [{"anything-but": {"wildcard": "r*g"}}]}, False),
    ({"state": [{"anything-but": {"wildcard": ["x*", "*y"]}}]}, True),
    ({"gone": [{"anything-but": "x"}]}, False),
    ({"gone": [{"anything-but": "x"}, {"exists": False}]}, True),
    ({"count": [{"numeric": [">", 0, "<=", 5]}]}, True),
    ({"count": [{"numeric": [">", 5]}]}, False),
    ({"count": [{"numeric": ["=", 5.0]}]}, True),
    ({"ratio": [{"numeric": ["<", 1]}]}, True),
    ({"state": [{"numeric": ["<", 1]}]}, False),
    ({"ok": [{"numeric": ["=", 1]}]}, False),
    ({"state": [{"exists": True}]}, True),
    ({"nothing": [{"exists": True}]}, True),
    ({"state": [{"exists": False}]}, False),
    ({"gone": [{"exists": False}]}, True),
    ({"nested": [{"exists": True}]}, False),
    ({"nested": [{"exists": False}]}, True),
    ({"nested": {"leaf": [{"exists": True}]}}, True),
    ({"none": [{"exists": True}]}, False),
    ({"ip": [{"cidr": "10.0.0.0/24"}]}, True),
    ({"ip": [{"cidr": "10.0.1.0/24"}]}, False),
    ({"ip": [{"cidr": "10.0.0.33"}]}, True),
    ({"ip6": [{"cidr": "2001:db8::/32"}]}, True),
    ({"ip6": [{"cidr": "10.0.0.0/8"}]}, False),
    ({"state": [{"cidr": "10.0.0.0/8"}]}, False),
    ({"state": [{"wildcard": "r*n*g"}]}, True),
    ({"state": [{"wildcard": "*"}]}, True),
    ({"state": [{"wildcard": "run"}]}, False),
    ({"state": [{"wildcard": "running*g"}]}, False),
    ({"file": [{"wildcard": "a/*\\*c\\\\*.png"}]}, True),
    ({"file": [{"wildcard": "a/b\\*d.png"}]}, False),
    ({"$or": [{"state": ["stopped"]}, {"count": [5]}]}, True),
    ({"$or": [{"state": ["stopped"]}, {"count": [6]}]}, False),
    ({"ok": [False], "$or": [{"state": ["running"]}, {"count": [6]}]}, False),
    ({"$or": [{"gone": [1]}, {"$or": [{"gone": [2]}, {"nested": {"leaf": [1]}}]}]}, True),
    ({"$or": [{"prefix": "a"}, {"prefix": "b"}]}, False),
    ({"tagSet": {"items": {"key": ["Toban"], "value": ["assess"]}}}, True),
    ({"tagSet": {"items": {"key": ["Toban"], "value": ["isolate"]}}}, False),
    ({"tagSet": {"items": {"key": ["Toban"], "deep": {"a": [2], "b": [2]}}}}, True),
    ({"tagSet": {"items": {"key": ["Toban"], "deep": {"a": [1], "b": [2]}}}}, False),
    ({"tagSet": {"items": {"key": ["Toban"], "deep": {"b": [3]}}}}, False),
    ({"tagSet": {"items": {"deep": {"a": [1], "b": [3]}, "value": ["isolate"]}}}, True),
    ({"tagSet": {"items": {"key": ["Toban"]}}, "state": ["running"]}, True),
]


@pytest.mark.parametrize(
    ("detail", "expected"), DETAILS, ids=[json.dumps(row) for row, _ in DETAILS]
)
def test_operators(detail: dict[str, Any], expected: bool) -> None:
    assert compile_pattern({"detail": detail}).matches(EVENT) is expected
    assert compile_pattern(json.dumps({"detail": detail})).matches(EVENT) is expected


def test_any_element_of_an_array_of_values_matches() -> None:
    assert compile_pattern({"resources": ["arn:x", "arn:b"]}).matches(EVENT)
    assert compile_pattern({"resources": [{"anything-but": "arn:a"}]}).matches(EVENT)
    assert not compile_pattern({"resources": ["arn:x"]}).matches(EVENT)


@pytest.mark.parametrize(
    "pattern",
    [
        "{",
        "[]",
        "null",
        "{}",
        '{"a": {}}',
        '{"a": "x"}',
        '{"a": 1}',
        '{"a": null}',
        '{"a": []}',
        '{"a": [["x"]]}',
        '{"a": [{}]}',
        '{"a": [{"prefix": "x", "suffix": "y"}]}',
        '{"a": [{"near": "x"}]}',
        '{"a": [{"prefix": 1}]}',
        '{"a": [{"prefix": {"wildcard": "x"}}]}',
        '{"a": [{"suffix": null}]}',
        '{"a": [{"equals-ignore-case": ["x"]}]}',
        '{"a": [{"exists": "true"}]}',
        '{"a": [{"wildcard": "x**y"}]}',
        '{"a": [{"wildcard": "x\\\\y"}]}',
        '{"a": [{"wildcard": "x\\\\"}]}',
        '{"a": [{"anything-but": []}]}',
        '{"a": [{"anything-but": ["x", 1]}]}',
        '{"a": [{"anything-but": null}]}',
        '{"a": [{"anything-but": {"numeric": ["=", 1]}}]}',
        '{"a": [{"anything-but": {"prefix": []}}]}',
        '{"a": [{"anything-but": {}}]}',
        '{"a": [{"numeric": 1}]}',
        '{"a": [{"numeric": [">"]}]}',
        '{"a": [{"numeric": ["~", 1]}]}',
        '{"a": [{"numeric": [">", "1"]}]}',
        '{"a": [{"numeric": [">", 6e9]}]}',
        '{"a": [{"numeric": ["<", 1, ">", 0]}]}',
        '{"a": [{"numeric": [">", 5, "<", 5]}]}',
        '{"a": [{"cidr": "10.0.0.0/33"}]}',
        '{"a": [{"cidr": 10}]}',
        '{"$or": [{"a": ["x"]}, {}]}',
    ],
)
def test_malformed_patterns_are_refused_with_a_reason(pattern: str) -> None:
    with pytest.raises(PatternError) as refused:
        compile_pattern(pattern)
    assert str(refused.value)


def test_too_many_alternatives_are_refused() -> None:
    choices = [{"a": [number]} for number in range(11)]
    nested = {"x": {"$or": choices}, "y": {"$or": choices}, "z": {"$or": choices}}
    with pytest.raises(PatternError, match="complex"):
        compile_pattern(nested)


texts = st.text(alphabet="ab*\\é", max_size=8)
leaves = st.one_of(texts, st.integers(-3, 3), st.booleans(), st.none())
keys = st.sampled_from(["k", "v", "w"])
objects = st.dictionaries(keys, leaves, min_size=1, max_size=3)


@given(st.lists(objects, max_size=5), objects)
def test_keys_of_one_array_match_in_one_element(
    items: list[dict[str, Any]], wanted: dict[str, Any]
) -> None:
    pattern = compile_pattern({"items": {key: [value] for key, value in wanted.items()}})

    def fits(item: dict[str, Any]) -> bool:
        return all(
            key in item and type(item[key]) is type(value) and item[key] == value
            for key, value in wanted.items()
        )

    assert pattern.matches({"items": items}) is any(fits(item) for item in items)


@given(st.lists(texts, min_size=1, max_size=4), texts)
def test_wildcards_match_as_a_regular_expression_would(parts: list[str], value: str) -> None:
    parts = [part for part in parts if part] or ["a"]
    escaped = [part.replace("\\", "\\\\").replace("*", "\\*") for part in parts]
    pattern = compile_pattern({"v": [{"wildcard": "*".join(escaped)}]})
    expression = ".*".join(re.escape(part) for part in parts)
    assert pattern.matches({"v": value}) is bool(re.fullmatch(expression, value, re.DOTALL))
    assert pattern.matches({"v": "b".join(parts)})


@given(leaves, st.lists(texts, min_size=1, max_size=3))
def test_anything_but_is_the_contrary_of_the_values(value: Any, others: list[str]) -> None:
    event = {"v": value}
    assert compile_pattern({"v": [{"anything-but": others}]}).matches(event) is not (
        compile_pattern({"v": others}).matches(event)
    )


@given(leaves, st.booleans())
def test_exists_is_about_presence_alone(value: Any, wanted: bool) -> None:
    pattern = compile_pattern({"v": [{"exists": wanted}]})
    assert pattern.matches({"v": value}) is wanted
    assert pattern.matches({"w": value}) is not wanted


@given(st.recursive(leaves, lambda inner: st.lists(inner) | st.dictionaries(keys, inner)))
def test_compiling_and_matching_never_fail_in_another_way(node: Any) -> None:
    try:
        pattern = compile_pattern(json.dumps(node))
    except PatternError:
        return
    assert pattern.matches({"k": 1, "v": [node], "w": node}) in (True, False)


def test_long_arrays_and_hostile_wildcards_are_quick() -> None:
    items = [{"key": "k", "value": str(number)} for number in range(2000)]
    pattern = compile_pattern({"items": {"key": ["k"], "value": ["1999"]}})
    assert pattern.matches({"items": items})
    stars = compile_pattern({"v": [{"wildcard": "a*" * 30 + "b"}]})
    assert not stars.matches({"v": "a" * 5000})
