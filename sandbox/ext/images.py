"""Machine images: moto makes 1,300 for every Region that is used, of which the box needs few.

Beyond the home Region there are only moto's common ones, which saves a twentieth of a second for
each Region at each reset.
"""

import os
from typing import Any

from moto.ec2.models.amis import AMIS, AmiBackend

from sandbox.delivery.overrides import override
from sandbox.runtime.calls import REGION

_load_amis = AmiBackend._load_amis
_NO_MORE = "MOTO_AMIS_PATH"
"""moto reads this at import; later it only looks whether it is set, and then adds no more."""


def install() -> None:
    """Replace moto's function; assigning twice changes nothing."""
    override(AmiBackend, "_load_amis", _load_few)


def _load_few(self: Any) -> None:
    if self.region_name == REGION or _NO_MORE in os.environ or not AMIS:
        return _load_amis(self)
    os.environ[_NO_MORE] = "none"
    try:
        _load_amis(self)
    finally:
        del os.environ[_NO_MORE]
