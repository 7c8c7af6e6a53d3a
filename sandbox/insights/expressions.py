"""Values in a Logs Insights query: from `or` down to names, calls and constants."""

from dataclasses import dataclass
from inspect import Parameter, signature
from typing import Any

from sandbox.insights.aggregates import AGGREGATES
from sandbox.insights.functions import (
    FUNCTIONS,
    Evaluate,
    Moment,
    Row,
    arithmetic,
    compare,
    like,
    number,
    period,
)
from sandbox.insights.words import QueryError, Reader, plain, regex, unquote

_LITERALS: dict[str, Any] = {"true": True, "false": False, "null": None}


@dataclass(frozen=True)
class Named:
    """A value to compute per row, the name of its column, and how to sort by it.

    `bare` says that it is just a field, which needs no computing.
    """

    name: str
    value: Evaluate
    descending: bool = False
    bare: bool = False


@dataclass(frozen=True)
class Field:
    """The value of a field or column."""

    name: str

    def __call__(self, row: Row) -> Any:
        return row.get(self.name)


@dataclass(frozen=True)
class Among:
    """Whether a value is one of some, as text or as a number."""

    left: Any
    texts: set[str]
    numbers: set[Any]

    def __call__(self, row: Row) -> bool:
        found = self.left(row)
        if found is None:
            return False
        if str(found) in self.texts:
            return True
        return bool(self.numbers) and number(found) in self.numbers


@dataclass(frozen=True)
class Both:
    """Whether both hold; if the first does not, the second is not asked."""

    left: Evaluate
    right: Evaluate

    def __call__(self, row: Row) -> bool:
        return bool(self.left(row)) and bool(self.right(row))


def _constant(value: Any) -> Evaluate:
    return lambda _row: value


def _either(left: Evaluate, right: Evaluate) -> Evaluate:
    return lambda row: bool(left(row)) or bool(right(row))


def _not(inner: Evaluate) -> Evaluate:
    return lambda row: not inner(row)


class Expressions(Reader):
    """Recursive descent, one method per level of binding."""

    def named(self) -> Named:
        """A value and its name: the alias, or the text as it was written."""
        first = self.next
        value = self.value()
        name = self.since(first.at)
        if self.take("as"):
            return Named(plain(self.any("name")), value)
        return Named(name, value, bare=first.kind == "name" and plain(first.text) == name)

    def value(self) -> Evaluate:
        """The loosest level."""
        left = self._conjunction()
        while self.take("or"):
            left = _either(left, self._conjunction())
        return left

    def _conjunction(self) -> Evaluate:
        left = self._negation()
        while self.take("and"):
            left = Both(left, self._negation())
        return left

    def _negation(self) -> Evaluate:
        return _not(self._negation()) if self.take("not") else self._comparison()

    def _comparison(self) -> Evaluate:
        left = self._sum()
        if word := self.take("=", "==", "!=", "<", "<=", ">", ">="):
            return compare(word, left, self._sum())
        negative = bool(self.take("not"))
        if self.take("in"):
            test = self._membership(left)
        elif self.take("like", "=~"):
            test = like(left, self._pattern())
        elif negative:
            self.wrong()
        else:
            return left
        return _not(test) if negative else test

    def _pattern(self) -> Any:
        token = self.next
        text = self.any("string", "regex")
        return regex(text, token.at) if token.kind == "regex" else unquote(text)

    def _membership(self, left: Evaluate) -> Evaluate:
        self.must("[")
        members = [] if self.next.text == "]" else self.list(self._sum)
        self.must("]")
        texts = {str(each({})) for each in members}
        numbers = {number(each({})) for each in members} - {None}
        return Among(left, texts, numbers)

    def _sum(self) -> Evaluate:
        left = self._product()
        while word := self.take("+", "-"):
            left = arithmetic(word, left, self._product())
        return left

    def _product(self) -> Evaluate:
        left = self._power()
        while word := self.take("*", "/", "%"):
            left = arithmetic(word, left, self._power())
        return left

    def _power(self) -> Evaluate:
        left = self._atom()
        return arithmetic("^", left, self._power()) if self.take("^") else left

    def _atom(self) -> Evaluate:
        if self.take("("):
            inner = self.value()
            self.must(")")
            return inner
        if self.take("-"):
            return arithmetic("-", _constant(0), self._atom())
        start = self.next
        text = self.any("string", "number", "period", "name")
        if start.kind == "name":
            return self._name(text, start.at)
        readers: dict[str, Any] = {"string": unquote, "number": number, "period": period}
        return _constant(readers[start.kind](text))

    def _name(self, text: str, start: int) -> Evaluate:
        if self.next.text == "(" and not text.startswith("`"):
            return self._call(text.lower(), start)
        if text.lower() in _LITERALS:
            return _constant(_LITERALS[text.lower()])
        return Field(plain(text))

    def _call(self, word: str, start: int) -> Evaluate:
        self.must("(")
        if word in AGGREGATES and self.take("*"):
            arguments: tuple[Evaluate, ...] = ()
        else:
            arguments = () if self.next.text == ")" else self.list(self.value)
        self.must(")")
        name = self.since(start)
        if word in AGGREGATES:  # after `stats`: the column that it made
            return Field(name)
        function = self._function(word, arguments, start)
        return lambda row: row[name] if name in row else function(row)

    def _function(self, word: str, arguments: tuple[Evaluate, ...], start: int) -> Evaluate:
        end = start + len(word)
        if word == "bin" and arguments:
            return _bin(arguments[0])
        if word not in FUNCTIONS:
            raise QueryError(f"unknown function {word}", start, end)
        function = FUNCTIONS[word]
        if not _takes(function, len(arguments)):
            raise QueryError(f"invalid arguments for function {word}", start, end)
        return lambda row: function(*[each(row) for each in arguments])


def _takes(function: Any, count: int) -> bool:
    kinds = signature(function).parameters.values()
    if any(each.kind is Parameter.VAR_POSITIONAL for each in kinds):
        return count >= 1
    needed = sum(each.default is Parameter.empty for each in kinds)
    return needed <= count <= len(kinds)


def _bin(step: Evaluate) -> Evaluate:
    size = int(step({}) or 1)
    return lambda row: None if (at := row.get("@timestamp")) is None else Moment(at // size * size)
