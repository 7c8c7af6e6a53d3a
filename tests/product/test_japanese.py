"""Japanese: the same facts in the same messages, written for the ear."""

import re
from pathlib import Path

import pytest
from fluent.syntax import FluentParser, ast
from fluent.syntax.visitor import Visitor

from skill import names
from skill.actions import ACTIONS, _measures
from skill.entity import FUNCTION, INSTANCE, ROLE, USER
from skill.model import Kind, LeftOut, Outcome, Plan, Risk, Target
from skill.words import compose, slack
from skill.words.book import book
from tests.product.test_stories import JAPANESE
from tests.world import Sandbox

ROOT = Path(__file__).parents[2]
# How one chooses between singular and plural is a language's own affair.
PLURAL = {"count", "names"}
# What one language has no use for: AWS's own words mean nothing to a Japanese ear.
UNUSED = {"error-denied": {"operation"}, "error-conflict": {"code"}}
# As the head of ja-JP.ftl says. Nobody hears what is posted to Slack or shown on a screen.
LATIN = {"AWS", "DNS", "NAT", "ACL", "IP", "OS"}
POSTED = ("title", "line", "why", "by", "proof")
NOT_HEARD = (
    *("slack-", "screen-", "digest-", "triage-", "playbook-", "alarm-"),
    *(f"verify_fix-{part}-" for part in POSTED),
)
# Read otherwise than meant by a voice that guesses: these are written in kana.
MISREAD = re.compile("今|他に|他の|何|下さい|出来|開いて|行った|辛|(?<!最)後で|方が")


class Reader(Visitor):
    """The variables and the text of one message."""

    def __init__(self) -> None:
        self.variables: set[str] = set()
        self.text: list[str] = []

    def visit_VariableReference(self, node: ast.VariableReference) -> None:  # noqa: N802
        self.variables.add(node.id.name)

    def visit_TextElement(self, node: ast.TextElement) -> None:  # noqa: N802
        self.text.append(node.value)


def messages(locale: str) -> dict[str, Reader]:
    text = (ROOT / f"skill/words/{locale}.ftl").read_text(encoding="utf-8")
    found: dict[str, Reader] = {}
    for row in FluentParser().parse(text).body:
        if isinstance(row, ast.Message):
            found[row.id.name] = Reader()
            found[row.id.name].visit(row)
    return found


ENGLISH, OURS = messages("en-US"), messages(JAPANESE)
HEARD = sorted(key for key in OURS if not key.startswith(NOT_HEARD))


def test_both_books_have_the_same_messages() -> None:
    assert set(ENGLISH) == set(OURS)


@pytest.mark.parametrize("key", sorted(ENGLISH))
def test_a_message_says_the_same_facts(key: str) -> None:
    theirs, ours = ENGLISH[key].variables, OURS.get(key, Reader()).variables
    assert ours - theirs - PLURAL == set()
    assert theirs - ours - PLURAL - UNUSED.get(key, set()) == set()


def test_the_keys_that_code_makes_up_are_there() -> None:
    kinds = (INSTANCE, USER, ROLE, FUNCTION)
    measures = {row.NAME for kind in kinds for row in _measures.measures(kind)}
    changes = {row.name for row in ACTIONS.values() if row.risk is not Risk.READ}
    source = "".join(path.read_text() for path in (ROOT / "skill/actions").rglob("*.py"))
    reasons = set(re.findall(r'LeftOut\([^()]*, "(\w+)"\)', source))
    made_up = {f"measure-{one}" for one in measures} | {f"about-{one}" for one in changes}
    made_up |= {f"left-out-{one}" for one in reasons}
    assert measures
    assert reasons
    assert made_up <= set(OURS)


@pytest.mark.parametrize("key", HEARD)
def test_what_is_heard_is_japanese(key: str) -> None:
    said = "".join(OURS[key].text)
    assert set(re.findall(r"[A-Za-z]+", said)) <= LATIN
    assert not MISREAD.search(said), said
    assert not re.search(r"[,.?!]|\S +\S", said), "half-width marks and spaces are English"


@pytest.mark.parametrize("key", [key for key in HEARD if f"{key}-again" in OURS])
def test_a_reprompt_says_it_otherwise(key: str) -> None:
    assert OURS[key].text != OURS[f"{key}-again"].text


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("web-prod-03", "ウェブ 本番3"),
        ("batch-3", "バッチ3"),
        ("api-2", "エーピーアイ2"),
        ("db-1", "ディービー1"),
        ("order-export", "オーダー エクスポート"),
        ("alice", "アリス"),
        ("ip-10-0-3-7", "末尾3 7"),
        ("i-0123456789abcdef0", "末尾ディー イー エフ 0"),
        ("ウェブ-1", "ウェブ1"),
    ],
)
def test_a_name_is_said_in_japanese(name: str, said: str) -> None:
    assert names.spoken(name, JAPANESE) == said


@pytest.mark.parametrize(
    ("said", "name"),
    [
        ("バッチ三", "batch-3"),
        ("バッチさん", "batch-3"),
        ("バッチスリー", "batch-3"),
        ("バッチ の 三号機", "batch-3"),
        ("ウェブ サーバー 十二", "web-12"),
        ("ｗｅｂ１", "web-1"),
        ("エーピーアイ に", "api-2"),
        ("本番ウェブ", "prod-web"),
        ("オーダーエクスポート", "order-export"),
        ("アリスさん", "alice"),
        ("ウェブ一", "ウェブ-1"),
        ("末尾七", "ip-10-0-3-7"),
        ("ディービー 一", "db-01"),
    ],
)
def test_a_name_is_understood_in_japanese(said: str, name: str) -> None:
    others = ["web-2", "batch-13", "api-22", "bob", "ip-10-0-3-17", name]
    assert names.matching(said, others) == [name]


@pytest.mark.parametrize(
    "name",
    ["web-prod-03", "batch-12", "api-2", "image-resizer", "踏み台-1", "ip-10-0-3-7.ec2.internal"],
)
def test_a_name_that_toban_says_can_be_said_back(name: str) -> None:
    for locale in ("en-US", JAPANESE):
        assert names.matching(names.spoken(name, locale), [name, "web-1"]) == [name]


@pytest.mark.parametrize(
    "said", ["1234", "１２３４", "一二三四", "いちにさんよん", "いち に さん し", "千二百三十四"]
)
def test_digits_are_understood(said: str) -> None:
    assert names.digits(said) == "1234"


def test_english_names_have_no_leading_zeros_and_packages_no_colons() -> None:
    assert names.spoken("web-prod-03") == "web prod 3"
    assert names.matching("web prod three", ["web-prod-03", "web-3"]) == ["web-prod-03"]
    assert names.matching("i p ending seven", ["ip-10-0-3-7", "ip-10-0-7-1"]) == ["ip-10-0-3-7"]
    assert names.package("org.apache.logging.log4j:log4j-core") == "log4j core"
    assert names.version("1:1.2.11.dfsg-2ubuntu9.2") == "1.2.11"


def test_what_differs_by_a_revision_only_is_not_called_a_version() -> None:
    facts = {"severity": "HIGH", "score": 8.1, "package": "openssl", "fix": "patch", "count": 1}
    facts |= {"network": False, "port": "", "title": "CVE-2024-0727 - openssl"}
    numbers = {"installed": "3.0.2-0ubuntu1.10", "fixed": "3.0.2-0ubuntu1.12", "versions": 1}
    found = Outcome(Kind.ANSWER, "finding_detail", facts | numbers | {"names": ["web-1"]})
    assert "A newer package fixes it" in compose.outcome(book("en-US"), found)
    assert "1.12" in compose.outcome(book("en-US", ear=False), found)


SHORT = {
    "isolate": Plan(
        "isolate",
        targets=(Target("i-1", "batch-3"),),
        warnings=("dns",),
        facts={"instance": "batch-3", "interfaces": 2, "shared": 8},
    ),
    "patch": Plan(
        "patch",
        targets=(Target("i-1", "web-1"),),
        warnings=("reboot",),
        left_out=(LeftOut("web-2", "offline"),),
        facts={"count": 1, "names": ["web-1"], "missing": 3, "group": ""},
    ),
    "release": Plan(
        "release",
        facts={"instance": "batch-3", "kind": "instance", "interfaces": 2, "keys": 0},
    ),
}


@pytest.mark.parametrize("action", SHORT)
def test_a_plan_is_one_breath_and_ends_with_its_question(action: str) -> None:
    plan = SHORT[action]
    speech = compose.outcome(book(JAPANESE), Outcome(Kind.CONFIRM, action, plan.facts, plan))
    assert len(speech) <= 95, speech
    assert speech.endswith(("しますか？", "当てますか？"))
    assert speech.count("？") == 1


def test_minutes_are_read_right_and_written_plainly() -> None:
    assert book(JAPANESE).duration(120) == '<sub alias="にふん">2分</sub>'
    assert book(JAPANESE, ear=False).duration(1200) == "20分"


def test_slack_and_mail_speak_the_channels_language(box: Sandbox) -> None:
    box.tag("batch-3", "suspicious")
    box.idle()
    (run,) = box.runs()
    started, ended = (slack.notice(JAPANESE, run, one) for one in ("started", "ended"))
    assert started.title == "Toban：不審マーク 開始"
    assert "batch-3を不審としてマークしました" in ended.text
    assert re.search(r"拒否3,\d{3}件", ended.text)
    assert not re.search(r"REJECT|ports|[a-z] [a-z]", ended.text)


ASKED_IN_A_DIALOG = ("which-", "prove-", "wait-")
PHRASES = sorted(
    {
        phrase
        for key in HEARD
        if not key.startswith(ASKED_IN_A_DIALOG) or key.startswith("which-finding")
        for phrase in re.findall("「(.+?)」", "".join(OURS[key].text))
    }
)


def test_what_toban_tells_one_to_say_is_understood(running: Sandbox) -> None:
    """By somebody who is not listed, so nothing comes of it."""
    who = {"userId": "amzn1.ask.account.NOBODY"}
    meant = {}
    for phrase in PHRASES:
        opened = {"text": "アレクサ、セキュリティ当番を開いて", "locale": JAPANESE, "person": who}
        session = running.control("POST", "/say", opened)["session"]
        body = {"text": phrase, "locale": JAPANESE, "person": who, "session": session}
        meant[phrase] = running.control("POST", "/say", body)["intent"]
    assert len(meant) > 10
    assert [one for one, name in meant.items() if name == "AMAZON.FallbackIntent"] == []
