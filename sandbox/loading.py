"""How a box gets its world: made from the templates and the scenario, or put back as it was."""

import gc
import time
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import TYPE_CHECKING

from sandbox.alexa import schema
from sandbox.clock import CLOCK
from sandbox.image import Image
from sandbox.network.limits import LIMITS
from sandbox.runtime.account import Credentials
from sandbox.scene import scenario

if TYPE_CHECKING:
    from sandbox.box import Box

LARGE = 20_000_000
"""Bytes of an image from which on no collection shall walk the world while somebody waits."""
SWEEP = 8
"""So many worlds are thrown away before they are collected: that takes longer than to put one back.
"""


class Loading:
    """Loads the world of one box, again and again."""

    def __init__(self, box: "Box") -> None:
        self._box, self._image = box, Image()
        self._credentials: Credentials = {}
        self._times = 0

    def __call__(self) -> None:
        """From whatever is there to the world as loaded; returns when all functions are ready."""
        box, began = self._box, time.monotonic()
        CLOCK.reset(box.options.real_time)
        if self._image.size == 0:
            gc.freeze()  # what was imported stays
        elif self._image.size > LARGE:
            gc.unfreeze()
        gc.disable()  # everything that is made here stays
        try:
            if known := self._image.is_good:
                self._put_back()
            else:
                self._make()
        finally:
            gc.enable()
        box.delivery.reset()
        if not known:
            self._image.take(began)
        box.forget()
        if self._image.size > LARGE:
            gc.freeze()

    def _put_back(self) -> None:
        self._image.put_back()
        LIMITS.reset(on=self._box.document.get("request_limits", False))
        self._deploy()
        self._box.functions.warm()
        self._times += 1
        if self._times % SWEEP == 0:
            gc.collect()

    def _make(self) -> None:
        self._credentials = self._box.account.load()
        self._deploy()
        with ThreadPoolExecutor(1) as beside:
            warming = beside.submit(self._box.functions.warm)
            self._load_scenario()
            self._box.gateway.warm()
            schema.warm()
            warming.result()

    def _deploy(self) -> None:
        box, credentials = self._box, self._credentials
        box.gateway.know(box.account.callers(credentials))
        box.functions.deploy(box.account.stack.functions, credentials, box.options.seed)

    def _load_scenario(self) -> None:
        document, seed = self._box.document, self._box.options.seed
        client = self._box.account.client
        scenario.load(client, document, seed)
        self._box.account.load_members()
        for row in document.get("elsewhere", []):
            place = {"account": row["account"], "region": row["region"]}
            scenario.load(partial(client, **place), row, seed, **place)
