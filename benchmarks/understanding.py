"""How far the interaction models' samples carry: paraphrases to intents, by stand-ins for Alexa.

One is a classifier trained on the samples alone (each slot filled with values of its type), the
other the sandbox's own. The paraphrases are in tests/voice/paraphrases; nothing is trained on them.
`python -m benchmarks.understanding` prints accuracy and what was taken for what.
"""

import json
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import cycle
from pathlib import Path
from typing import Any

from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.pipeline import make_pipeline, make_union
from sklearn.svm import LinearSVC

from benchmarks.table import table
from sandbox.alexa.languages import language_of
from sandbox.alexa.model import Model
from sandbox.alexa.nlu import Interpreter
from sandbox.alexa.resolution import static_catalog

ROOT = Path(__file__).resolve().parent.parent
LOCALES = {"en-US": "en", "ja-JP": "ja"}
# How often a sample with slots is said, each time with other values.
FILLINGS = 4
BUILT_IN_VALUES = {
    "en": {
        "AMAZON.Ordinal": "first|second|third|fourth|fifth|one|two|three",
        "AMAZON.FOUR_DIGIT_NUMBER": "one two three four|nine eight seven six|five five one oh",
    },
    "ja": {
        "AMAZON.Ordinal": "一番目|二番目|三番目|一つ目|二つ目|最初|最後|四番目",
        "AMAZON.FOUR_DIGIT_NUMBER": "一二三四|九八七六|五五一〇",
    },
}
_SLOT = re.compile(r"\{(\w+)\}")
Sentences = list[tuple[str, str]]


@dataclass(frozen=True)
class Score:
    """What one stand-in made of one language's paraphrases: (said, meant, understood) of each."""

    rows: list[tuple[str, str, str]]

    @property
    def wrong(self) -> list[tuple[str, str, str]]:
        return [row for row in self.rows if row[1] != row[2]]

    @property
    def accuracy(self) -> float:
        return 1 - len(self.wrong) / len(self.rows)

    def confused(self) -> list[tuple[tuple[str, str], int]]:
        """(meant, understood) and how often, the most frequent first."""
        return Counter((meant, understood) for _, meant, understood in self.wrong).most_common()


def model(locale: str) -> Model:
    text = (ROOT / f"interaction_model/{locale}.json").read_text(encoding="utf-8")
    return Model(json.loads(text), language_of(locale))


def paraphrases(locale: str) -> Sentences:
    """(intent, sentence) of the language's file."""
    path = ROOT / f"tests/voice/paraphrases/{LOCALES[locale]}.tsv"
    lines = path.read_text(encoding="utf-8").splitlines()
    return [(intent, said) for intent, said in (line.split("\t") for line in lines)]


def samples(one: Model, locale: str) -> Sentences:
    """(intent, sentence) of every sample, its slots filled."""
    values: dict[str, Iterator[str]] = {
        kind: cycle(said) for kind, said in _values(one, locale).items()
    }
    return [
        (intent, sentence)
        for intent, sample in _samples(one)
        for sentence in _filled(sample, one.slots[intent], values)
    ]


def _samples(one: Model) -> Iterator[tuple[str, str]]:
    for intent in one.document["interactionModel"]["languageModel"]["intents"]:
        yield from ((intent["name"], sample) for sample in intent["samples"])


def _values(one: Model, locale: str) -> dict[str, list[str]]:
    own = {
        kind: [said for v in rows for said in (v["name"]["value"], *v["name"]["synonyms"])]
        for kind, rows in one.values.items()
    }
    built_in = BUILT_IN_VALUES[LOCALES[locale]]
    return own | {kind: said.split("|") for kind, said in built_in.items()}


def _filled(sample: str, slots: dict[str, str], values: dict[str, Iterator[str]]) -> set[str]:
    times = FILLINGS if _SLOT.search(sample) else 1
    return {_SLOT.sub(lambda slot: next(values[slots[slot[1]]]), sample) for _ in range(times)}


def classify(locale: str) -> Score:
    """The paraphrases by a classifier of character and word n-grams."""
    one = model(locale)
    intents, sentences = zip(*samples(one, locale), strict=True)
    meant, said = zip(*paraphrases(locale), strict=True)
    found = _classifier(one).fit(sentences, intents).predict(said)
    return Score([(s, m, str(f)) for s, m, f in zip(said, meant, found, strict=True)])


def _classifier(one: Model) -> Any:
    language = one.language

    def words(text: str) -> list[str]:
        return [token.word for token in language.tokens(text)]

    letters = TfidfVectorizer(
        preprocessor=language.clean, analyzer="char_wb", ngram_range=(1, 5), sublinear_tf=True
    )
    spoken = TfidfVectorizer(
        preprocessor=language.clean,
        tokenizer=words,
        token_pattern=None,
        ngram_range=(1, 3),
        sublinear_tf=True,
    )
    return make_pipeline(make_union(letters, spoken), LinearSVC(class_weight="balanced"))


def interpret(locale: str) -> Score:
    """The paraphrases by the sandbox's interpreter."""
    one = model(locale)
    interpreter, catalogs = Interpreter(one), [static_catalog("skill", one)]
    return Score([(s, m, interpreter.hear(s, catalogs).intent) for m, s in paraphrases(locale)])


def main() -> None:
    """Print both scores of each language, and what was confused."""
    scores = {
        (locale, name): score(locale)
        for locale in LOCALES
        for name, score in (("classifier", classify), ("sandbox", interpret))
    }
    rows = [
        [f"{locale}, {name}", str(len(score.rows)), f"{score.accuracy:.1%}"]
        for (locale, name), score in scores.items()
    ]
    print(
        "Paraphrases understood: by a classifier trained on the samples alone, and by the sandbox"
    )
    print(table(["locale", "sentences", "right"], rows))
    for (locale, name), score in scores.items():
        for (meant, understood), times in score.confused():
            print(f"{locale}, {name}: {meant} taken for {understood}: {times}")
    print()


if __name__ == "__main__":
    main()
