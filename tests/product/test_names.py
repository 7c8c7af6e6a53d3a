"""Names both ways: what Toban says of a name means that name again, and no other."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from skill import names
from tests.product.test_stories import ENGLISH, JAPANESE

BOTH = (ENGLISH, JAPANESE)
OFTEN = settings(max_examples=100, deadline=None, derandomize=True)
WORDS = st.sampled_from(
    "web prod db api batch worker cache queue proxy log4j eu west nfs k8s q x a ml Jenkins GPU "
    "WebProd orders payments server host 本番 ウェブ 踏み台 R&D שרת münchen".split()
) | st.text("abcdefghijklmnopqrstuvwxyz", min_size=1, max_size=8)
NUMBERS = st.integers(0, 9999).map(str) | st.integers(0, 99).map("{:03d}".format)
NAMES = st.builds(
    lambda words, mark, number: mark.join([*words, *number]),
    st.lists(WORDS, min_size=1, max_size=3),
    st.sampled_from("-_. /"),
    st.lists(NUMBERS, max_size=2),
)
OCTET = st.integers(0, 255)
ADDRESSES = st.builds(
    "ip-10-{}-{}-{}{}".format, OCTET, OCTET, OCTET, st.sampled_from(["", ".ec2.internal"])
)
IDS = st.text("0123456789abcdef", min_size=17, max_size=17).map("i-{}".format)
ONES = "zero one two three four five six seven eight nine".split()
# What stands between names and is not said.
HOSTILE = st.text("🔥🚒<>&\"'\u202e\u200f*?\\|{}$;.-_/ ", max_size=6)


def alike(one: str, others: set[str]) -> bool:
    return any(names.key(one) == names.key(other) for other in others - {one})


@pytest.mark.parametrize("locale", BOTH)
@OFTEN
@given(fleet=st.sets(NAMES, min_size=1, max_size=6))
def test_a_name_that_toban_says_can_be_said_back(locale: str, fleet: set[str]) -> None:
    for one in fleet:
        if not alike(one, fleet):
            said = names.spoken(one, locale)
            assert names.matching(said, fleet) == [one], said


@pytest.mark.parametrize("locale", BOTH)
@OFTEN
@given(fleet=st.sets(ADDRESSES | IDS, min_size=1, max_size=8))
def test_an_end_that_toban_says_can_be_said_back(locale: str, fleet: set[str]) -> None:
    said = names.all_spoken(sorted(fleet), locale)
    for one, end in zip(sorted(fleet), said, strict=True):
        if said.count(end) == 1 and one.removesuffix(".ec2.internal") not in fleet - {one}:
            assert names.matching(end, fleet) == [one], end


@OFTEN
@given(name=NAMES, number=st.integers(0, 9), hostile=HOSTILE)
def test_what_is_no_letter_is_neither_said_nor_compared(
    name: str, number: int, hostile: str
) -> None:
    dirty = f"{hostile}{name}{hostile}-{number}"
    for locale in BOTH:
        said = names.spoken(dirty, locale)
        assert not set(said) & set('🔥🚒<>&"\u202e\u200f*?\\|{}$;_/')
        assert names.matching(said, [dirty]) == [dirty]


@OFTEN
@given(name=NAMES, number=st.integers(0, 9))
def test_numbers_are_heard_as_words(name: str, number: int) -> None:
    assert names.matching(f"{names.spoken(name)} {ONES[number]}", [f"{name}-{number}"])


@OFTEN
@given(name=st.text(max_size=256), locale=st.sampled_from(BOTH))
def test_any_name_is_bearable(name: str, locale: str) -> None:
    said = names.spoken(name, locale)
    assert names.key(said) or not said.strip()
    assert len(names.clean(name)) <= names.LONGEST
    assert all(len(one) < 1000 for one in names.patterns(name))


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("the one ending three seven", ["ip-10-0-3-7"]),
        ("ending in three seven", ["ip-10-0-3-7"]),
        ("i p ending thirty seven", ["ip-10-0-3-7", "ip-10-0-1-37"]),
        ("ending seven", ["ip-10-0-3-7"]),
        ("ending three one seventy", ["ip-10-0-3-170"]),
        ("ending three one hundred seventy", ["ip-10-0-3-170"]),
        ("the one ending a b one two", ["i-0123456789abcab12"]),
        ("ending a. b. twelve", ["i-0123456789abcab12"]),
        ("ending be one two", ["i-0123456789abcab12"]),
        ("末尾三の七", ["ip-10-0-3-7"]),
        ("末尾エービー12", ["i-0123456789abcab12"]),
        ("末尾 エー ビー 一 二 のもの", ["i-0123456789abcab12"]),
        ("ending nine nine", []),
        ("ending nicely", []),
    ],
)
def test_an_end_is_understood(said: str, meant: list[str]) -> None:
    fleet = ["ip-10-0-3-7", "ip-10-0-1-37", "ip-10-0-3-170", "i-0123456789abcab12", "web-1"]
    assert names.matching(said, fleet) == meant


def test_two_that_end_alike_are_told_apart_by_more() -> None:
    fleet = ["ip-10-0-3-7", "ip-10-1-3-7", "ip-10-0-3-9"]
    assert names.all_spoken(fleet, ENGLISH) == [
        "the one ending 0 3 7",
        "the one ending 1 3 7",
        "the one ending 3 9",
    ]
    assert names.all_spoken(fleet, JAPANESE)[0] == "末尾0 3 7"


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("web one oh three", ["web-103"]),
        ("web oh three", ["web-03"]),
        ("web server one", ["web-server-1"]),
        ("web one", ["web-1", "web-server-1"][:1]),
        ("two towers", ["2-towers"]),
        ("r and d one", ["R&D-1"]),
        ("cue one", ["q-1"]),
        ("web prod three", ["WebProd03"]),
    ],
)
def test_a_name_is_understood(said: str, meant: list[str]) -> None:
    fleet = "web-103 web-03 web-13 web-server-1 web-1 2-towers R&D-1 q-1 WebProd03".split()
    assert names.matching(said, fleet) == meant
