"""The Logs Insights query language: text to commands. `insights_run` carries them out."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sandbox.insights.aggregates import AGGREGATES
from sandbox.insights.expressions import Expressions, Field, Named
from sandbox.insights.functions import Evaluate, Row
from sandbox.insights.words import QueryError, plain, regex, unquote


@dataclass(frozen=True)
class Aggregate:
    """One column of `stats`."""

    name: str
    value: Callable[[list[Row]], Any]


@dataclass(frozen=True)
class Fields:
    """Compute columns and show them; `only` (display) shows no others."""

    items: tuple[Named, ...]
    only: bool = False


@dataclass(frozen=True)
class Filter:
    """Keep the rows for which the test holds."""

    test: Evaluate


@dataclass(frozen=True)
class Stats:
    """One row per group."""

    columns: tuple[Aggregate, ...]
    by: tuple[Named, ...]


@dataclass(frozen=True)
class Sort:
    """Order the rows, the first key first."""

    keys: tuple[Named, ...]


@dataclass(frozen=True)
class Limit:
    """Keep the first rows."""

    count: int


@dataclass(frozen=True)
class Parse:
    """Take columns out of a text."""

    source: Evaluate
    pattern: re.Pattern[str]
    names: tuple[str, ...]


@dataclass(frozen=True)
class Dedup:
    """Keep the first row of each combination of values."""

    keys: tuple[Named, ...]


Command = Fields | Filter | Stats | Sort | Limit | Parse | Dedup


class _Commands(Expressions):
    def all(self) -> list[Command]:
        found = [self._command()]
        while self.take("|"):
            found.append(self._command())
        if not self.done:
            self.wrong()
        return found

    def _command(self) -> Command:
        word = self.take(*_READERS)
        return _READERS[word](self) if word else self.wrong()

    def fields(self) -> Command:
        return Fields(self.list(self.named))

    def display(self) -> Command:
        return Fields(self.list(self.named), only=True)

    def dedup(self) -> Command:
        return Dedup(self.list(self.named))

    def filter(self) -> Command:
        return Filter(self.value())

    def stats(self) -> Command:
        columns = self.list(self._aggregate)
        return Stats(columns, self.list(self.named) if self.take("by") else ())

    def sort(self) -> Command:
        return Sort(self.list(self._key))

    def limit(self) -> Command:
        token = self.next
        text = self.any("number")
        if not text.isdigit() or not 1 <= int(text) <= 10_000:
            raise QueryError(
                "the limit must be between 1 and 10000", token.at, token.at + len(text)
            )
        return Limit(int(text))

    def parse(self) -> Command:
        source: Evaluate = Field("@message")
        if self.next.kind == "name":
            source = self.named().value
        token = self.next
        text = self.any("string", "regex")
        if token.kind == "regex":
            pattern = regex(text, token.at)
            return Parse(source, pattern, tuple(pattern.groupindex))
        self.must("as")
        names = self.list(lambda: plain(self.any("name")))
        if unquote(text).count("*") != len(names):
            problem = "the number of wildcards and of fields differs"
            raise QueryError(problem, token.at, token.at + len(text))
        return Parse(source, _glob(unquote(text)), names)

    def _key(self) -> Named:
        item = self.named()
        return Named(item.name, item.value, self.take("asc", "desc") == "desc")

    def _aggregate(self) -> Aggregate:
        start = self.next.at
        word = self.any("name").lower()
        if word not in AGGREGATES:
            raise QueryError(f"unknown aggregation function {word}", start, start + len(word))
        self.must("(")
        empty = bool(self.take("*")) or self.next.text == ")"
        arguments = () if empty else self.list(self.value)
        self.must(")")
        self._check_arguments(word, arguments, start)
        name = self.since(start)
        function = AGGREGATES[word]
        alias = plain(self.any("name")) if self.take("as") else name
        return Aggregate(alias, lambda rows: function(rows, *arguments))

    def _check_arguments(self, word: str, arguments: tuple[Evaluate, ...], start: int) -> None:
        wanted = {"pct": (2,), "count": (0, 1)}.get(word, (1,))
        if len(arguments) not in wanted:
            text = f"invalid arguments for function {word}"
            raise QueryError(text, start, start + len(word))


def _glob(text: str) -> re.Pattern[str]:
    """`*` stands for as little text as possible, at the end for the rest."""
    parts = [re.escape(part) for part in text.split("*")]
    last = "(.*)$" if text.endswith("*") else f"(.*?){parts[-1]}"
    return re.compile("(.*?)".join(parts[:-1]) + last, re.S)


_READERS: dict[str, Callable[[_Commands], Command]] = {
    "fields": _Commands.fields,
    "display": _Commands.display,
    "filter": _Commands.filter,
    "stats": _Commands.stats,
    "sort": _Commands.sort,
    "limit": _Commands.limit,
    "parse": _Commands.parse,
    "dedup": _Commands.dedup,
}


def parse(query: str) -> list[Command]:
    """The commands of a query; raises QueryError."""
    return _Commands(query).all()
