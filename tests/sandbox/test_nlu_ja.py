"""Japanese sentences find their intents; what is not meant for the skill finds none."""

from pathlib import Path

import pytest

from sandbox.alexa.japanese_words import tokens
from sandbox.alexa.languages import language_of
from sandbox.alexa.model import Model, models_from
from sandbox.alexa.nlu import FALLBACK, Heard, Interpreter
from sandbox.alexa.resolution import Catalog, dynamic_catalog, slot_entry, static_catalog

JAPANESE = language_of("ja-JP")
MODEL = Model(models_from(Path(__file__).parents[2] / "interaction_model")("ja-JP"), JAPANESE)
INTERPRETER = Interpreter(MODEL)
SKILL = "amzn1.ask.skill.00000000-0000-0000-0000-000000000000"
STATIC = static_catalog(SKILL, MODEL)
LIVE = dynamic_catalog(
    SKILL,
    [
        {"name": "INSTANCE", "values": [{"id": "smelter-9", "name": {"value": "smelter 9"}}]},
        {"name": "GROUP", "values": [{"id": "smelter", "name": {"value": "精錬", "synonyms": []}}]},
    ],
    JAPANESE,
)

SAID = [
    ("ウェブサーバーを評価して", "RunAssessmentIntent", {"group": "ウェブサーバー"}),
    ("ウェブサーバの評価を始めて", "RunAssessmentIntent", {"group": "ウェブサーバ"}),
    (
        "すみません、データベースをスキャンしてください",
        "RunAssessmentIntent",
        {"group": "データベース"},
    ),
    ("評価して", "RunAssessmentIntent", {}),
    ("評価は終わりましたか?", "AssessmentStatusIntent", {}),
    ("評価終わった", "AssessmentStatusIntent", {}),
    ("重大な検出結果を読んで。", "ReadFindingsIntent", {"severity": "重大"}),
    ("緊急の脆弱性は何件ありますか", "ReadFindingsIntent", {"severity": "緊急"}),
    ("二番目を教えて", "FindingDetailIntent", {"ordinal": "2"}),
    ("2番目の検出について詳しく教えて", "FindingDetailIntent", {"ordinal": "2"}),
    ("二つ目の詳細を教えて", "FindingDetailIntent", {"ordinal": "2"}),
    ("最初のを教えて", "FindingDetailIntent", {"ordinal": "1"}),
    ("最後のを教えて", "FindingDetailIntent", {"ordinal": "最後"}),
    ("脆弱なサーバーにパッチを当てて", "PatchIntent", {}),
    ("脆弱なインスタンスにパッチを適用してください", "PatchIntent", {}),
    ("データベースにパッチあてて", "PatchIntent", {"group": "データベース"}),
    ("全部にパッチを当てて", "PatchIntent", {"group": "全部"}),
    ("怪しいものはありますか", "SuspiciousIntent", {}),
    ("何か怪しいものはある?", "SuspiciousIntent", {}),
    ("バッチ三の通信を見せて", "TrafficIntent", {"instance": "バッチ三"}),
    ("バッチ三を不審としてマークして", "MarkSuspiciousIntent", {"instance": "バッチ三"}),
    ("バッチ三を隔離して", "IsolateIntent", {"instance": "バッチ三"}),
    ("バッチ 三 を 隔離して ください", "IsolateIntent", {"instance": "バッチ 三"}),
    ("バッチ三隔離して", "IsolateIntent", {"instance": "バッチ三"}),
    ("batch-3を隔離して", "IsolateIntent", {"instance": "batch-3"}),
    ("バッチ3を切り離して", "IsolateIntent", {"instance": "バッチ3"}),
    ("バッチさんを隔離してください", "IsolateIntent", {"instance": "バッチさん"}),
    ("ウェブにを隔離して", "IsolateIntent", {"instance": "ウェブに"}),
    ("隔離して", "IsolateIntent", {}),
    ("それを隔離して", "IsolateIntent", {}),
    ("バッチ三を解放して", "ReleaseIntent", {"instance": "バッチ三"}),
    ("ユーザーアリスのロックを解除して", "ReleaseIntent", {"principal": "アリス"}),
    ("バッチ三はまだ隔離されてる", "VerifyIntent", {"instance": "バッチ三"}),
    ("攻撃者をブロックして", "BlockSourceIntent", {}),
    ("攻撃元のアドレスを遮断してください", "BlockSourceIntent", {}),
    ("アリスさんをロックして", "LockPrincipalIntent", {"principal": "アリス"}),
    ("関数画像リサイザーを止めて", "LockFunctionIntent", {"function": "画像リサイザー"}),
    ("状況を教えて", "StatusIntent", {}),
    ("パッチは終わりましたか", "StatusIntent", {}),
    ("元に戻して", "UndoIntent", {}),
    ("暗証番号は一二三四です", "PinIntent", {"pin": "1234"}),
    ("暗証番号はいちにさんよん", "PinIntent", {"pin": "1234"}),
    ("はい", "AMAZON.YesIntent", {}),
    ("はい、お願いします", "AMAZON.YesIntent", {}),
    ("いいえ", "AMAZON.NoIntent", {}),
    ("次", "AMAZON.NextIntent", {}),
    ("前に戻って", "AMAZON.PreviousIntent", {}),
    ("もう一度言って", "AMAZON.RepeatIntent", {}),
    ("ヘルプ", "AMAZON.HelpIntent", {}),
    ("止めて", "AMAZON.StopIntent", {}),
    ("キャンセル", "AMAZON.CancelIntent", {}),
    ("ホームに戻って", "AMAZON.NavigateHomeIntent", {}),
]
# No sample can be laid along these.
LIKE = [
    ("二つめ", "FindingDetailIntent", {"ordinal": "2"}),
    ("三番目をくわしく知りたい", "FindingDetailIntent", {"ordinal": "3"}),
    ("バッチ三を完全に切り離しておいて", "IsolateIntent", {"instance": "バッチ三"}),
    ("誰かに侵入されていませんか", "SuspiciousIntent", {}),
    ("攻撃してきている相手を締め出して", "BlockSourceIntent", {}),
    ("いまの状況を簡単に教えてくれる", "StatusIntent", {}),
]
NOT_MEANT = [
    "今日の天気は",
    "音楽をかけて",
    "電気をつけて",
    "ピザを注文して",
    "バッチ三を隔離しないで",
    "ウェブサーバーにパッチを当てないで",
    "バッチ三を隔離しなくていい",
    "バッチ三を隔離するな",
    "バッチ三を隔離しません",
    "バッチ三を隔離したくない",
    "バッチ三を隔離しないほうがいい",
    "バッチ三",
    "三",
    "1234",
    "isolate batch three",
    "\U0001f600",
    "、。",
]
FILLINGS = {
    "group": "ウェブ",
    "instance": "バッチ三",
    "severity": "重大",
    "principal": "アリス",
    "function": "画像リサイザー",
    "ordinal": "二番目",
    "pin": "一二三四",
    "kind": "隔離",
}


def hear(text: str, *more: Catalog) -> Heard:
    return INTERPRETER.hear(text, [STATIC, *more])


@pytest.mark.parametrize(("text", "intent", "slots"), SAID)
def test_a_sentence_finds_its_intent(text: str, intent: str, slots: dict[str, str]) -> None:
    heard = hear(text)
    assert (heard.intent, heard.slots) == (intent, slots)


@pytest.mark.parametrize(("text", "intent", "slots"), LIKE)
def test_what_follows_no_sample_means_what_it_is_most_like(
    text: str, intent: str, slots: dict[str, str]
) -> None:
    heard = hear(text)
    assert (heard.intent, heard.slots, heard.known) == (intent, slots, True)


@pytest.mark.parametrize("text", NOT_MEANT)
def test_what_is_not_meant_for_the_skill_falls_back(text: str) -> None:
    assert hear(text).intent == FALLBACK


def test_samples_find_their_own_intents() -> None:
    wrong = []
    for intent in MODEL.document["interactionModel"]["languageModel"]["intents"]:
        # Every fifth: there are thousands, as polite and as plain speech.
        for sample in intent["samples"][::5]:
            heard = hear(sample.format(**FILLINGS))
            if heard.intent != intent["name"]:
                wrong.append((sample, heard.intent))
    assert wrong == []


def test_unknown_names_are_passed_on_as_heard() -> None:
    heard = hear("smelter 9を隔離して")
    assert (heard.intent, heard.slots) == ("IsolateIntent", {"instance": "smelter 9"})
    assert not heard.known


@pytest.mark.parametrize("name", ["smelter 9", "smelter-9", "smelter九", "smelterきゅう"])
def test_dynamic_entities_make_names_known(name: str) -> None:
    heard = hear(f"{name}を隔離して", LIVE)
    assert heard.known and heard.slots == {"instance": name}
    assert hear("精錬のサーバーを評価して", LIVE).slots == {"group": "精錬"}


@pytest.mark.parametrize(
    ("text", "intent", "slots"),
    [
        ("全部", "PatchIntent", {"group": "全部"}),
        ("データベースのサーバーだけお願いします", "PatchIntent", {"group": "データベース"}),
        ("いいえ、ウェブです", "PatchIntent", {"group": "ウェブ"}),
        ("止めて", "AMAZON.StopIntent", {}),
        ("いいえ", "AMAZON.NoIntent", {}),
        ("やめて", "AMAZON.CancelIntent", {}),
        ("バッチ三を隔離して", "IsolateIntent", {"instance": "バッチ三"}),
        ("状況は", "StatusIntent", {}),
    ],
)
def test_an_answer_fills_the_slot_or_another_wish_breaks_off(
    text: str, intent: str, slots: dict[str, str]
) -> None:
    heard = INTERPRETER.answer(text, "PatchIntent", "group", [STATIC])
    assert (heard.intent, heard.slots) == (intent, slots)


def test_a_pin_is_only_four_digits() -> None:
    def answer(text: str) -> dict[str, str]:
        return INTERPRETER.answer(text, "PinIntent", "pin", [STATIC]).slots

    said = ("0123", "〇一二三", "ぜろいちにさん", "ゼロイチニサン", "0123です")
    assert [answer(one) for one in said] == [{"pin": "0123"}] * len(said)
    assert answer("千二百三十四") == {"pin": "1234"}
    assert answer("12345") == answer("一二三") == {}


@pytest.mark.parametrize(
    ("spoken", "id_"),
    [
        ("バッチ三", "batch-3"),
        ("バッチ 3", "batch-3"),
        ("バッチさん", "batch-3"),
        ("batch three", ""),
        ("batch 3", "batch-3"),
        ("バッチの三番", "batch-3"),
        ("バッチサーバー三", "batch-3"),
        ("バッチスリー", "batch-3"),
        ("エーピーアイ一", "api-1"),
        ("ウェブ十三", ""),
        ("踏み台", "bastion"),
    ],
)
def test_every_way_to_say_a_name_resolves_to_it(spoken: str, id_: str) -> None:
    slot = slot_entry("instance", spoken, "INSTANCE", [STATIC])
    (authority,) = slot["resolutions"]["resolutionsPerAuthority"]
    assert [one["value"]["id"] for one in authority.get("values", [])] == [id_] * bool(id_)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("ウェブ二十一", ["ウェブ", "21"]),
        ("web-021", ["web", "21"]),
        ("一二三", ["1", "2", "3"]),
        ("千二百", ["1200"]),
        ("セキュリティパッチ", ["セキュリティ", "パッチ"]),
        ("隔離してください", ["隔", "離", "して", "ください"]),
    ],
)
def test_text_is_cut_into_words_that_compare(text: str, expected: list[str]) -> None:
    assert [token.word for token in tokens(text)] == expected
