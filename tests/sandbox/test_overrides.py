"""Replacing moto's internals fails loudly once they are gone."""

import pytest

from sandbox.delivery.overrides import override


class Owner:
    kept = 1


def test_only_what_exists_is_replaced() -> None:
    override(Owner, "kept", 2)
    assert Owner.kept == 2
    with pytest.raises(AttributeError, match="moto has changed"):
        override(Owner, "gone", 2)
