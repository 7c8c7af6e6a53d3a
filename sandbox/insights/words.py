"""The words of a Logs Insights query, and a reader over them."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NoReturn

_TOKEN = re.compile(
    r"""(?P<space>\s+|\#[^\n]*)
    |(?P<string>"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')
    |(?P<period>\d+(?:ms|mo|[smhdwqy])\b)
    |(?P<number>\d+\.?\d*(?:[eE][+-]?\d+)?)
    |(?P<name>[@A-Za-z_$][\w.@$]*|`[^`]+`)
    |(?P<op>=~|!=|<=|>=|==|[=<>()\[\],|*+\-%^/])""",
    re.X,
)
_REGEX = re.compile(r"/((?:[^/\\]|\\.)+)/")


class QueryError(Exception):
    """The query cannot be understood; `at` and `end` are character offsets."""

    def __init__(self, text: str, at: int, end: int) -> None:
        super().__init__(text)
        self.at, self.end = at, end


@dataclass(frozen=True)
class Token:
    """One word of a query."""

    kind: str
    text: str
    at: int


def regex(text: str, at: int) -> re.Pattern[str]:
    """A regular expression between slashes; named groups are written as in Java."""
    try:
        return re.compile(re.sub(r"\(\?<(?![=!])", "(?P<", text[1:-1].replace("\\/", "/")))
    except re.error as error:
        raise QueryError(f"invalid regular expression: {error}", at, at + len(text)) from error


def unquote(text: str) -> str:
    """A string without its quotes."""
    return re.sub(r"\\(.)", r"\1", text[1:-1])


def plain(text: str) -> str:
    """A field name without backticks."""
    return text.strip("`")


def _tokenize(query: str) -> list[Token]:
    """A slash opens a regular expression only where a value may stand."""
    found: list[Token] = []
    at = 0
    while at < len(query):
        words = [token.text.lower() for token in found[-2:]]
        operand = bool(words) and (words[-1] in ("like", "=~") or "parse" in words)
        match = (_REGEX.match(query, at) if operand else None) or _TOKEN.match(query, at)
        if not match:
            raise QueryError(f"unexpected symbol found {query[at]}", at, at + 1)
        kind = "regex" if match.re is _REGEX else str(match.lastgroup)
        if kind != "space":
            found.append(Token(kind, match[0], at))
        at = match.end()
    return found


class Reader:
    """Reads a query word by word."""

    def __init__(self, query: str) -> None:
        self._query, self._tokens, self._index = query, _tokenize(query), 0

    @property
    def next(self) -> Token:
        """The word that comes."""
        if self._index < len(self._tokens):
            return self._tokens[self._index]
        return Token("end", "", len(self._query))

    @property
    def done(self) -> bool:
        """Whether every word has been read."""
        return self._index >= len(self._tokens)

    def wrong(self) -> NoReturn:
        """The word that comes does not belong here."""
        token = self.next
        text = f"unexpected symbol found {token.text}" if token.text else "unexpected end of query"
        raise QueryError(text, token.at, token.at + max(len(token.text), 1))

    def take(self, *texts: str) -> str:
        """Read one of these words if it comes; keywords know no case."""
        token = self.next
        if token.kind in ("op", "name") and token.text.lower() in texts:
            self._index += 1
            return token.text.lower()
        return ""

    def must(self, text: str) -> None:
        """Read exactly this word."""
        if not self.take(text):
            self.wrong()

    def any(self, *kinds: str) -> str:
        """Read a word of one of these kinds."""
        token = self.next
        if token.kind not in kinds:
            self.wrong()
        self._index += 1
        return token.text

    def list(self, read: Callable[[], Any]) -> tuple[Any, ...]:
        """What `read` reads, once or more, between commas."""
        found = [read()]
        while self.take(","):
            found.append(read())
        return tuple(found)

    def since(self, start: int) -> str:
        """The text from an offset to the last word, as a column name."""
        last = self._tokens[self._index - 1]
        text = self._query[start : last.at + len(last.text)]
        return plain(text) if text.startswith("`") and text.count("`") == 2 else text
