"""Japanese text to tokens, without a dictionary: a run of one script is cut where words may end.

Kanji are tokens one by one, katakana are cut at well-known words, hiragana at particles and
endings. Samples and sentences are cut alike, which is all that comparing them needs.
"""

import re
import unicodedata
from collections.abc import Iterator

from sandbox.alexa.words import Token

_RUN = re.compile(
    r"\bi-[0-9a-f]{6,17}\b|[a-z]+|\d+|[〇一二三四五六七八九十百千]+|[ァ-ヺー]+|[ぁ-ゖー]+|[々一-龥]"
)
_DIGITS = {sign: value for value, sign in enumerate("〇一二三四五六七八九")}
_PLACES = {"十": 10, "百": 100, "千": 1000}
_READINGS = (
    *("ぜろ れい まる ゼロ レイ マル", "いち イチ", "に ニ", "さん サン", "よん し ヨン", "ご ゴ"),
    *("ろく ロク", "なな しち ナナ シチ", "はち ハチ", "きゅう く キュウ", "じゅう ジュウ"),
)
KANA = {said: value for value, all_said in enumerate(_READINGS) for said in all_said.split()}
_KATAKANA = re.compile(
    r"サーバーズ?|サーバ|インスタンス|グループ|ユーザーズ?|ユーザ|ロール|ラムダ|パッチ|スキャン|アカウント"
    r"|アップデート|アドレス|アイピー|セキュリティ|アクセス|トラフィック|ネットワーク|ファンクション"
)
# Longest first, from the left; what is none of them goes on to the next that is.
_HIRAGANA = sorted(
    (
        "を は が に で の と も へ や か から まで って だけ しか ね よ な ば たら なら けど "
        "ので です でした ます ました ません でしょう ください くれる くれますか くれませんか "
        "もらえる もらえますか もらえませんか ほしい たい して した する しろ しよう しました "
        "します してる している していますか している されて された される させて て た る いる "
        "いた います いますか いました いて ある あります ありますか ありません あった ない なく "
        "なかった ないで ないか しないで しないでください やらないで するな いけない だめ "
        "いいえ いや ちがう やめて やめる もう まだ ちゃんと どう どこ どれ だれ なに なぜ いつ "
        "いくつ いま さっき それ これ あれ その この あの そう こう どの どんな どのくらい "
        "どれくらい みんな すべて ぜんぶ もっと あと いい よい おかしい あやしい へん とめて "
        "もどして あてて なおして しらべて おしえて よんで みせて おねがい おねがいします お "
        "つぎ まえ つづき ひとつ ふたつ みっつ よっつ いつつ め ばん ばんめ つめ こめ さい ごう "
        "うまく いった なった なって なかったこと"
    ).split()
    + [kana for kana in KANA if kana < "ァ"],
    key=len,
    reverse=True,
)
# "番号はいち" holds no yes.
_WORD = re.compile("|".join([r"^はい(?!ち)", *map(re.escape, _HIRAGANA)]))

# Typed in letters by everybody; no part of a name.
_SPELLED = {"cve": "シーブイイー", "ip": "アイピー"}
_LETTERS = re.compile(rf"(?<![a-z0-9-])(?:{'|'.join(_SPELLED)})(?![a-z0-9-])")
_COUNTED = re.compile("|".join(sorted((kana for kana in KANA if kana >= "ァ"), key=len)[::-1]))
_COUNT = re.compile(f"(?:{_COUNTED.pattern})+")


def clean(text: str) -> str:
    """The text as it compares: half-width, lower case, katakana in full width, and letters that are
    said one by one as Alexa hears them.
    """
    plain = unicodedata.normalize("NFKC", text).lower()
    return _LETTERS.sub(lambda found: _SPELLED[found[0]], plain)


def tokens(text: str) -> tuple[Token, ...]:
    """The tokens of a cleaned text; numbers in digits, spelled with kanji or not."""
    return tuple(token for run in _RUN.finditer(text) for token in _cut(run[0], run.start()))


def _cut(run: str, start: int) -> Iterator[Token]:
    if run[0] in _DIGITS or run[0] in _PLACES:
        yield from _numerals(run, start)
    elif "ァ" <= run[0] <= "ヺ":
        yield from _known(run, start, _COUNTED if _COUNT.fullmatch(run) else _KATAKANA)
    elif "ぁ" <= run[0] <= "ゖ":
        yield from _known(run, start, _WORD)
    else:
        word = run.lstrip("0") or "0" if run.isdecimal() else run
        yield Token(run, word, start, start + len(run))


def _known(run: str, start: int, words: re.Pattern[str]) -> Iterator[Token]:
    """The known words of a run, and what stands between them."""
    at = 0
    for found in [*words.finditer(run), None]:
        begin, end = found.span() if found else (len(run), len(run))
        for left, right in ((at, begin), (begin, end)):
            if left < right:
                yield Token(run[left:right], run[left:right], start + left, start + right)
        at = end


def _numerals(run: str, start: int) -> Iterator[Token]:
    """ "十二" is 12, "千二百三十四" 1234; "一二三四" are four digits, as in a code."""
    if any(sign in _PLACES for sign in run):
        yield Token(run, str(_value(run)), start, start + len(run))
        return
    for at, sign in enumerate(run, start):
        yield Token(sign, str(_DIGITS[sign]), at, at + 1)


def _value(run: str) -> int:
    total = digit = 0
    for sign in run:
        if sign in _PLACES:
            total, digit = total + (digit or 1) * _PLACES[sign], 0
        else:
            digit = _DIGITS[sign]
    return total + digit
