"""Names and numbers in Japanese: "ウェブ三" means web-3, and web-3 is said "ウェブ3".

A name in kana or kanji is taken apart into the Latin words that tags are made of. What is not in
the table stays as it is, so a tag that is written in Japanese is found all the same.
"""

import functools
import re

# Latin word, how it is said, and how else it is heard.
_TABLE = """
web ウェブ ウエブ|prod 本番 プロド プロッド|production プロダクション|dev 開発|staging ステージング
stage ステージ|test テスト|batch バッチ|database データベース データーベース
db ディービー デービー|api エーピーアイ
bastion 踏み台 バスティオン バスチオン|worker ワーカー ワーカ|job ジョブ
cache キャッシュ|queue キュー
proxy プロキシ プロキシー|gateway ゲートウェイ|build ビルド|deploy デプロイ|deployer デプロイヤー
bot ボット|log ログ|mail メール|mailer メーラー|app アプリ|application アプリケーション
front フロント|frontend フロントエンド|back バック|backend バックエンド|admin アドミン 管理
monitor モニター モニタ|monitoring モニタリング 監視|jenkins ジェンキンス|node ノード
cluster クラスター クラスタ|primary プライマリー プライマリ|replica レプリカ|master マスター マスタ
image イメージ 画像|resizer リサイザー リサイザ|order オーダー 注文|orders オーダーズ
export エクスポート|import インポート|nightly ナイトリー 夜間|report レポート|alice アリス|bob ボブ
user ユーザー ユーザ|role ロール|function ファンクション 関数|service サービス|shop ショップ
payment ペイメント 決済|payments ペイメンツ|auth オース 認証|search サーチ 検索|static スタティック
internal インターナル 社内|external エクスターナル|public パブリック|private プライベート
office オフィス|backup バックアップ|file ファイル|storage ストレージ|data データ|base ベース
load ロード|balancer バランサー|router ルーター|core コア|spring スプリング|beans ビーンズ
log4j ログフォージェイ|kernel カーネル|linux リナックス|openssl オープンエスエスエル
curl カール|bash バッシュ|python パイソン|java ジャバ|apache アパッチ|nginx エンジンエックス
ending 末尾|critical 重大|high 高 高い ハイ|medium 中 中程度 ミディアム|low 低 低い ロー
server サーバー サーバ|instance インスタンス|machine マシン|host ホスト|number 番 号機 号 ナンバー
the の
"""
_LETTERS = dict(
    zip(
        "abcdefghijklmnopqrstuvwxyz",
        "エー ビー シー ディー イー エフ ジー エイチ アイ ジェー ケー エル エム エヌ オー ピー "
        "キュー アール エス ティー ユー ブイ ダブリュー エックス ワイ ゼット".split(),
        strict=True,
    )
)
# Said letter by letter, though a vowel is in it.
_SPELLED = frozenset("api ai ui id ip ec ecs eks rds iam ami aws ci os elb alb eni".split())
_DIGITS = {word: at for at, word in enumerate("〇一二三四五六七八九")} | {"零": 0}
_UNITS = {"十": 10, "百": 100, "千": 1000}
_NUMERAL = {
    said: kanji
    for kanji, ways in zip(
        "〇一二三四五六七八九十",
        ("ぜろ れい まる ゼロ マル", "いち イチ ワン", "に ニ ツー", "さん サン スリー",
         "よん し ヨン フォー", "ご ゴ ファイブ", "ろく ロク シックス",
         "なな しち ナナ シチ セブン",
         "はち ハチ エイト", "きゅう く キュウ ナイン", "じゅう ジュウ テン"),
        strict=True,
    )
    for said in ways.split()
}  # fmt: skip
_KANJI = re.compile(r"[〇零一二三四五六七八九十百千]+")


def _rows() -> list[list[str]]:
    return [row.split() for line in _TABLE.split("\n") for row in line.split("|") if row]


_AS_SAID = {latin: said for latin, said, *_ in _rows()}
_AS_HEARD = {heard: latin for latin, *ways in _rows() for heard in ways}
_LETTER = {kana: latin for latin, kana in _LETTERS.items()} | {"エッチ": "h", "ジェイ": "j"}
_ABC = re.compile("(?:" + "|".join(sorted(_LETTER, key=len, reverse=True)) + ")+")
_ONE_LETTER = re.compile("|".join(sorted(_LETTER, key=len, reverse=True)))
_KNOWN = re.compile("|".join(sorted(map(re.escape, _AS_HEARD), key=len, reverse=True)))
_COUNT = "(?:" + "|".join(sorted(_NUMERAL, key=len, reverse=True)) + ")"
_COUNTED = re.compile(rf"(?<=[ァ-ー\u4e00-\u9fff])({_COUNT}+)(?=(?:番|号機|号)?$)")
_NOTHING_ELSE = re.compile(f"{_COUNT}+")
_ONE_COUNT = re.compile(_COUNT)


@functools.lru_cache(maxsize=2048)
def words(run: str) -> tuple[tuple[str, str], ...]:
    """One unbroken run of letters as (as written, as meant): "バッチ三号機" is batch, 3, number."""
    if _ABC.fullmatch(run) and run not in _AS_HEARD:
        return ((run, _abc(run)),)
    if _NOTHING_ELSE.fullmatch(run):
        return ((run, _counted(run)),)
    counted = _COUNTED.search(run)
    if counted and run not in _AS_HEARD:
        middle = (counted[1], _counted(counted[1]))
        return (*words(run[: counted.start()]), middle, *_rest(run[counted.end() :]))
    return tuple(_pieces(run))


def _abc(run: str) -> str:
    return "".join(_LETTER[one] for one in _ONE_LETTER.findall(run))


def _rest(run: str) -> tuple[tuple[str, str], ...]:
    return words(run) if run else ()


def _pieces(run: str) -> list[tuple[str, str]]:
    """Known words and numbers, longest first; what lies between them as it is."""
    found, at = [], 0
    marks = sorted(
        (m.span() for m in [*_KNOWN.finditer(run), *_KANJI.finditer(run)]), key=lambda one: one[0]
    )
    for start, end in marks:
        if start >= at:
            found += [run[at:start], run[start:end]]
            at = end
    return [(part, _meant(part)) for part in [*found, run[at:]] if part]


def _meant(part: str) -> str:
    if part in _AS_HEARD:
        return _AS_HEARD[part]
    if _ABC.fullmatch(part):
        return _abc(part)
    return str(number(part)) if _KANJI.fullmatch(part) else part


def number(kanji: str) -> int:
    """二十三 is 23; without units digit by digit: 一二 is 12."""
    if not set(kanji) & set(_UNITS):
        return int("".join(str(_DIGITS[one]) for one in kanji))
    total, ones = 0, 0
    for one in kanji:
        if one in _UNITS:
            total, ones = total + (ones or 1) * _UNITS[one], 0
        else:
            ones = _DIGITS[one]
    return total + ones


def _counted(said: str) -> str:
    """じゅうに is "12", いちに also."""
    return str(number("".join(_NUMERAL[one] for one in _ONE_COUNT.findall(said))))


def digits(text: str) -> str:
    """Digits in any form, one after the other: 一二三四 and いちにさんよん are "1234"."""
    out = _ONE_COUNT.sub(lambda found: _NUMERAL[found[0]], text)
    plain = "".join(one for one in out if one.isdecimal() or one in _DIGITS or one in _UNITS)
    if set(plain) & set(_UNITS):
        return str(number(plain)) if _KANJI.fullmatch(plain) else ""
    return "".join(str(_DIGITS.get(one, one)) for one in plain)


def spoken(name: str) -> str:
    """A name for the Japanese ear: known words in kana, short ones letter by letter, numbers."""
    parts = re.findall(r"[A-Za-z]+\d+[A-Za-z]+|[A-Za-z]+|\d+|[^A-Za-z\d\s_./:'-]+", name)
    said = ""
    for part in map(_said, parts):
        said += part if not said or (part.isdecimal() and not said[-1].isdecimal()) else f" {part}"
    return said or name


def _said(part: str) -> str:
    low = part.casefold()
    if low in _AS_SAID:
        return _AS_SAID[low]
    if part.isdecimal():
        return str(int(part))
    if (
        len(low) == 1
        or low in _SPELLED
        or (low.isascii() and low.isalpha() and not set(low) & set("aeiouy"))
    ):
        return letters(low)
    return part


def letters(text: str) -> str:
    """Letter by letter: "a3f" is エー 3 エフ."""
    return "".join(_LETTERS.get(one, one) for one in text.casefold())


# 2分 is にふん and not にぶん; the last digit decides.
_MINUTES = (
    *("じゅっぷん", "いっぷん", "にふん", "さんぷん", "よんぷん"),
    *("ごふん", "ろっぷん", "ななふん", "はっぷん", "きゅうふん"),
)
_TIMES_TEN = ("", "", "に", "さん", "よん", "ご", "ろく", "なな", "はち")


def minutes(n: int) -> str:
    """How so many minutes, 1 to 89, are read."""
    tens, ones = divmod(n, 10)
    whole = "じゅう" if tens and ones else ""
    return _TIMES_TEN[tens] + whole + _MINUTES[ones]
