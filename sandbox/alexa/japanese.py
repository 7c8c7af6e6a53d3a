"""What Alexa itself knows of Japanese: built-in intents, invocations, which words carry meaning.

Not documented, and so a guess: what Alexa sends for a Japanese AMAZON.Ordinal. Here it is the
number ("二番目", "二つ目" and "最初" are 2, 2 and 1); "最後" has none and is sent as it was heard.
"""

import re
from collections.abc import Sequence
from functools import lru_cache

from sandbox.alexa import japanese_words
from sandbox.alexa.japanese_words import KANA
from sandbox.alexa.language import Language
from sandbox.alexa.words import Token

BUILT_IN = {
    "AMAZON.YesIntent": "はい|うん|ええ|そう|そうです|もちろん|オーケー|オッケー|お願いします",
    "AMAZON.NoIntent": "いいえ|いや|いえ|ううん|だめ|違う|違います|結構です|ノー",
    "AMAZON.NextIntent": "次|次へ|続き|続けて|スキップ|次に進んで|次お願い",
    "AMAZON.PreviousIntent": "前|前へ|戻って|前に戻って|戻る|一つ前",
    "AMAZON.RepeatIntent": "もう一度|もう一回|繰り返して|リピート|もう一度言って|もう一回言って",
    "AMAZON.HelpIntent": "ヘルプ|助けて|使い方|使い方を教えて|何ができるの",
    "AMAZON.StopIntent": "止めて|とめて|ストップ|止まって|静かにして|黙って|バイバイ|終了して",
    "AMAZON.CancelIntent": "キャンセル|キャンセルして|やめて|やめる|中止",
    "AMAZON.NavigateHomeIntent": "ホーム|ホームに戻って|ホームへ|ホーム画面を表示して",
}
# Ends the session without asking the skill.
EXIT = frozenset({"終了", "閉じて"})
_NEGATIONS = frozenset(
    "しないで しないでください ないで やらないで するな いけない だめ なかったこと "
    "ない なく ません".split()
)
# Hiragana that tell what is meant; all other hiragana are particles and endings.
_TELLING = frozenset(
    "はい いいえ いや ちがう やめて やめる どこ だれ なに いつ いくつ みんな すべて ぜんぶ "
    "もっと おかしい あやしい へん とめて もどして あてて なおして しらべて おしえて よんで "
    "みせて おねがい つぎ まえ つづき ひとつ ふたつ みっつ それ さっき どれ まだ".split()
)
_FILLERS = frozenset("今 あと ちょっと えっと すぐ".split())
_KANJI, _TELL, _LIGHT, _FILLER, _TURN = 0.5, 1.0, 0.15, 0.05, 2.5
_ALIKE = (
    "サーバ インスタンス マシン ホスト",
    "怪 疑",
    "読 教 聞 見 話",
    "終 済",
    "始 開",
    "直 修",
    "当 適",
    "止 停",
    "あやしい 怪",
    "おしえて 教",
    "とめて 止",
    "もどして 戻",
    "あてて 当",
    "みせて 見",
    "よんで 読",
    "ぜんぶ 全",
    "すべて 全",
    "だれ 誰",
    "なに 何",
    "まえ 前",
    "つぎ 次",
    "おねがい 願",
    "トラフィック 通",
)
_CLASS = {
    pair: True for row in _ALIKE for a in row.split() for b in row.split() for pair in [(a, b)]
}
_WAKE = re.compile(r"^\W*(?:(?:ねえ|ねぇ|ヘイ)\W*)?(?:アレクサ|alexa)\W*")
_OPEN = (
    r"を?(?:開いて|開始して|起動して|始めて|スタートして|呼んで|呼び出して|つけて)?(?:ください)?"
)
_TOLD = re.compile(
    r"\W*(?:と|って|ように|よう)(?:に)?(?:聞いて|言って|伝えて|頼んで|お願いして|尋ねて)(?:ください)?\W*$"
)
_COURTESY = re.compile(
    r"^\W*(?:(?:すみません|すいません|ええと|えーと|えっと|あの|ねえ|じゃあ|では|それでは|よし|悪いけど|ちょっと)\W*)+(?=\w\w)"
)
_PLACE = re.compile(r"第?(\d+)(?:番目?|つ目?|個目|件目|台目|行目|目|ばんめ?|つめ)?")
_FIRST = {
    "最初": "1",
    "はじめ": "1",
    "一番最初": "1",
    "ひとつめ": "1",
    "ふたつめ": "2",
    "みっつめ": "3",
}
_LAST = ("最後", "一番最後")


def invocation(text: str, name: str) -> tuple[bool, str]:
    """(whether the skill was called by its name, what it was asked): "" is a plain opening."""
    bare = _WAKE.sub("", text)
    called = r"\s*".join(map(re.escape, name.replace(" ", "")))
    if re.match(rf"{called}\s*{_OPEN}\W*$", bare):
        return True, ""
    asked = re.match(rf"{called}\W*(?:を使って|で|に|から|へ|{_OPEN})\W*(.+)$", bare)
    told = re.match(rf"(.+?)\W*(?:と|って|ように){called}\W*に(?:聞|言|伝|頼|お願|尋)\w*\W*$", bare)
    found = told or asked
    return (True, _TOLD.sub("", found[1])) if found else (False, bare)


def without_courtesy(text: str) -> str:
    """The command after "すみません、"."""
    return _COURTESY.sub("", text) or text


@lru_cache(maxsize=4096)
def weight(word: str) -> float:
    """How much a word says about what is meant: a kanji is half a word."""
    if negates(word):
        return _TURN
    if word in _FILLERS:
        return _FILLER
    if word in _TELLING:
        return _TELL
    if re.fullmatch(r"[ぁ-ゖー]+", word):
        return _LIGHT
    return _KANJI if re.fullmatch(r"[々一-龥]", word) else _TELL


@lru_cache(maxsize=65536)
def root(word: str) -> str:
    """One word for all that are alike."""
    bare = _stem(word)
    return next((row.split()[0] for row in _ALIKE if bare in row.split()), bare)


def negates(word: str) -> bool:
    """Whether the word turns the meaning round."""
    return word in _NEGATIONS


@lru_cache(maxsize=65536)
def distance(said: str, expected: str) -> float | None:
    """Cost of taking one word for another: 0 the same, None not alike at all."""
    if said == expected:
        return 0.0
    first, second = _stem(said), _stem(expected)
    if first == second:
        return 0.08 * weight(expected)
    if (first, second) in _CLASS:
        return 0.12 * max(weight(said), weight(expected))
    light = weight(said) == weight(expected) == _LIGHT
    return 0.05 if light and said[0] == expected[0] else None


def key(said: Sequence[str]) -> str:
    """One key for all ways to say a name: "batch-3", "batch 三" and "batchさん" are the same."""
    found = ""
    for at, word in enumerate(map(_stem, said)):
        value = str(KANA[word]) if at and word in KANA else word
        found += "." + value if found[-1:].isdecimal() and value[:1].isdecimal() else value
    return found


def code(spoken: tuple[Token, ...]) -> str | None:
    """The digits of a code, said one by one or at once; None if anything else is said."""
    parts = [t.text if t.text.isdecimal() else str(KANA.get(t.word, t.word)) for t in spoken]
    return "".join(parts) if parts and all(part.isdecimal() for part in parts) else None


def ordinal(spoken: tuple[Token, ...]) -> str | None:
    """The place that the words name; the last one has no number."""
    said = "".join(token.text for token in spoken)
    if said in _FIRST or said in _LAST:
        return _FIRST.get(said, said)
    words = [token.word for token in spoken]
    first = str(KANA[words[0]]) if len(words) > 1 and words[0] in KANA else words[0]
    place = _PLACE.fullmatch(first + "".join(words[1:]))
    return place[1] if place else None


def number(spoken: tuple[Token, ...]) -> str | None:
    """The whole number that one word is."""
    return spoken[0].word if len(spoken) == 1 and spoken[0].word.isdecimal() else None


def _stem(word: str) -> str:
    """The word without the long vowel at its end, which some leave out."""
    return word[:-1] if len(word) > 3 and word.endswith("ー") else word


JAPANESE = Language(
    built_in=BUILT_IN,
    exit=EXIT,
    ask_pin="暗証番号をどうぞ。",
    ask_pin_again="暗証番号が違います。もう一度どうぞ。",
    pin_is=r"(?:私の)?(?:暗証番号|ピン)は|です",
    clean=japanese_words.clean,
    tokens=japanese_words.tokens,
    invocation=invocation,
    without_courtesy=without_courtesy,
    weight=weight,
    negates=negates,
    root=root,
    distance=distance,
    key=key,
    code=code,
    ordinal=ordinal,
    number=number,
)
