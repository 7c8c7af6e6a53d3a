"""Locks and build: what is named is what is installed, and each function can be built."""

import re

import pytest

from tests.template.translate import FUNCTIONS, ROOT, source

LOCKS = ["requirements", "requirements-dev", "requirements-sam"]


def _names(file: str) -> dict[str, str]:
    """Package to version, from the lines `name==version` of a requirements file."""
    text = (ROOT / file).read_text(encoding="utf-8")
    found = re.findall(r"^([\w.-]+)(?:\[[\w,-]+\])?==([\w.]+)", text, re.MULTILINE)
    return {re.sub("[-_.]+", "-", name).lower(): version for name, version in found}


@pytest.mark.parametrize("lock", LOCKS)
def test_everything_named_is_pinned_and_locked_at_that_version(lock: str) -> None:
    named = (ROOT / f"{lock}.in").read_text(encoding="utf-8").splitlines()
    loose = [line for line in named if line and line[0] not in "#-" and "==" not in line]
    assert not loose
    assert _names(f"{lock}.in").items() <= _names(f"{lock}.txt").items()


@pytest.mark.parametrize("lock", LOCKS)
def test_everything_locked_has_a_hash(lock: str) -> None:
    text = (ROOT / f"{lock}.txt").read_text(encoding="utf-8")
    entries = re.split(r"\n(?=[\w.-]+(?:\[.*\])?==)", text)[1:]
    assert entries
    assert all("--hash=sha256:" in entry for entry in entries)


def test_development_runs_what_is_deployed() -> None:
    assert _names("requirements.txt").items() <= _names("requirements-dev.txt").items()


def test_what_is_deployed_is_the_same_on_every_python() -> None:
    """`pip --python-version` reads markers for the Python that runs it, so there may be none."""
    assert " ; " not in (ROOT / "requirements.txt").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", FUNCTIONS.values())
def test_each_function_has_its_build_target(name: str) -> None:
    assert source()["Resources"][name]["Metadata"]["BuildMethod"] == "makefile"
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    assert re.search(rf"^(build-\w+ )*build-{name}\b.*: build/packages", makefile, re.MULTILINE)
