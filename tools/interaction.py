"""Makes the interaction models from interaction_model/source: `python -m tools.interaction`.

structure.yaml holds what all locales share, en.yaml and ja.yaml the words. The locales of
skill.json are filled up too: what is published in a language's first locale is published in its
others.
Nothing is written if a model breaks a rule of Alexa's; every broken rule is told, with its place.
"""

import copy
import json
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import yaml

from tools import model_rules
from tools.patterns import BadPattern, expand

FOLDER = Path(__file__).resolve().parent.parent / "interaction_model"
Json = dict[str, Any]


def main() -> int:
    """Write every file anew; 1 if a rule is broken."""
    try:
        made = files()
    except BadPattern as error:
        print(error, file=sys.stderr)
        return 1
    models = {name[:-5]: model for name, model in made.items() if name != "skill.json"}
    wrong = list(model_rules.broken(models))
    print("\n".join(wrong), file=sys.stderr, end="\n" if wrong else "")
    for name, content in made.items() if not wrong else ():
        (FOLDER / name).write_text(text(content), encoding="utf-8")
    return 1 if wrong else 0


def text(content: Json) -> str:
    return json.dumps(content, indent=2, ensure_ascii=False) + "\n"


def files() -> dict[str, Json]:
    """The content of every file by its name. Raises BadPattern."""
    shape = source("structure")
    languages = {name: source(name) for name in shape["locales"].values()}
    models = {
        f"{locale}.json": model(shape, languages[language], language)
        for locale, language in shape["locales"].items()
    }
    return models | {"skill.json": manifest(shape["locales"])}


def source(name: str) -> Json:
    content: Json = yaml.safe_load((FOLDER / f"source/{name}.yaml").read_text(encoding="utf-8"))
    return content


def model(shape: Json, said: Json, language: str) -> Json:
    """One locale's interaction model."""
    tuned = {"fallbackIntentSensitivity": {"level": said["sensitivity"]}}
    spoken = _Words(said, spaced=language != "ja")
    return {
        "interactionModel": {
            "languageModel": {
                "invocationName": said["invocation"],
                **({"modelConfiguration": tuned} if said["sensitivity"] else {}),
                "intents": [_intent(name, shape, spoken) for name in shape["intents"]],
                "types": [_type(name, shape, spoken) for name in shape["types"]],
            },
            "dialog": {
                "delegationStrategy": "SKILL_RESPONSE",
                "intents": [_dialog(name, shape) for name in _dialogs(shape)],
            },
            "prompts": [_prompt(key, lines) for key, lines in said["prompts"].items()],
        }
    }


class _Words:
    """The sentences of one language."""

    def __init__(self, said: Json, spaced: bool) -> None:
        self.said, self._spaced = said, spaced

    def of(self, patterns: Iterable[str]) -> list[str]:
        words = self.said["words"]
        sets = (expand(pattern, words, spaced=self._spaced) for pattern in patterns)
        return list(dict.fromkeys(sentence for sentences in sets for sentence in sentences))

    def names(self, patterns: Iterable[str]) -> list[str]:
        """What a value may be called; spaces stay, in every language."""
        sets = (expand(pattern, self.said["words"]) for pattern in patterns)
        return list(dict.fromkeys(name for names in sets for name in names))


def _intent(name: str, shape: Json, spoken: _Words) -> Json:
    samples = spoken.of(spoken.said["samples"].get(name, ()))
    slots = [_slot(one, role, shape, spoken) for one, role in shape["intents"][name].items()]
    return {"name": name, **({"slots": slots} if slots else {}), "samples": samples}


def _slot(name: str, role: str, shape: Json, spoken: _Words) -> Json:
    slot = {"name": name, "type": shape["slots"][name]}
    answers = {"samples": spoken.of(spoken.said["answers"][name])} if role != "filled" else {}
    return slot | answers


def _type(name: str, shape: Json, spoken: _Words) -> Json:
    return {"name": name, "values": [_value(name, id_, spoken) for id_ in shape["types"][name]]}


def _value(kind: str, id_: str, spoken: _Words) -> Json:
    value, *synonyms = spoken.names(spoken.said["types"][kind][id_])
    return {"id": id_, "name": {"value": value, "synonyms": synonyms}}


def _dialogs(shape: Json) -> list[str]:
    """The intents for which the skill asks back: Alexa refuses the question for any other."""
    return [name for name, slots in shape["intents"].items() if "asked" in slots.values()]


def _dialog(name: str, shape: Json) -> Json:
    led = {"delegationStrategy": "SKILL_RESPONSE", "confirmationRequired": False, "prompts": {}}
    slots = shape["intents"][name].items()
    return {"name": name, **led, "slots": [_asked(name, one, role, shape) for one, role in slots]}


def _asked(intent: str, name: str, role: str, shape: Json) -> Json:
    asked = role == "asked"
    return {
        "name": name,
        "type": shape["slots"][name],
        "elicitationRequired": asked,
        "confirmationRequired": False,
        "prompts": {"elicitation": f"Elicit.{intent}.{name}"} if asked else {},
    }


def _prompt(key: str, lines: list[str]) -> Json:
    variations = [{"type": "PlainText", "value": line} for line in lines]
    return {"id": f"Elicit.{key}", "variations": variations}


def manifest(locales: dict[str, str]) -> Json:
    """skill.json with every locale published as the first one of its language is."""
    document: Json = json.loads((FOLDER / "skill.json").read_text(encoding="utf-8"))
    first = {language: locale for locale, language in reversed(locales.items())}
    for part in ("publishingInformation", "privacyAndCompliance"):
        told = document["manifest"][part]["locales"]
        document["manifest"][part]["locales"] = {
            locale: copy.deepcopy(told[first[language]]) for locale, language in locales.items()
        }
    return document


if __name__ == "__main__":
    sys.exit(main())
