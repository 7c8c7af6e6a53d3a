"""What is heard of an SSML document, and what is wrong with it."""

from xml.parsers import expat

# The elements that Alexa documents.
_ELEMENTS = frozenset(
    "speak amazon:domain amazon:effect amazon:emotion alexa:name audio break emphasis lang p "
    "phoneme prosody s say-as sub voice w".split()
)


def plain(ssml: str) -> str:
    """The words of the document, in one line; ValueError if Alexa would refuse it."""
    reader = _Reader()
    try:
        reader.parser.Parse(ssml, True)
    except expat.ExpatError as error:
        raise ValueError(f"malformed SSML: {error} in {ssml!r}") from error
    return " ".join("".join(reader.heard).split())


class _Reader:
    """Collects what is spoken; refuses a foreign root, unknown elements and document types."""

    def __init__(self) -> None:
        self.heard: list[str] = []
        self._depth, self._replaced = 0, False
        self.parser = expat.ParserCreate()
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._text
        self.parser.StartDoctypeDeclHandler = self._doctype

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        if name not in _ELEMENTS or (name == "speak") != (self._depth == 0):
            raise ValueError(f"SSML element <{name}> is not allowed here")
        self._depth += 1
        self.heard.append(" " if name in ("break", "p", "s") else "")
        if name == "sub":
            self.heard.append(attributes.get("alias", ""))
            self._replaced = True

    def _end(self, name: str) -> None:
        self._depth -= 1
        self.heard.append(" " if name in ("p", "s") else "")
        self._replaced = self._replaced and name != "sub"

    def _text(self, text: str) -> None:
        if not self._replaced:
            self.heard.append(text)

    def _doctype(self, *_: object) -> None:
        raise ValueError("SSML must not declare a document type")
