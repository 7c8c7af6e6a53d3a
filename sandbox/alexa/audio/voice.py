"""The talk by voice: hears instead of reading, and speaks what is shown."""

from collections.abc import Callable, Mapping
from typing import Any

from sandbox.alexa.audio.listener import Listener
from sandbox.alexa.audio.missing import Missing
from sandbox.alexa.audio.mouth import Mouth
from sandbox.alexa.languages import language_of
from sandbox.alexa.model import Model, models_from
from sandbox.runtime.processes import ROOT

_ONLY_SPEAKS = "--audio hears English only: {} is spoken, and you type."
Tell = Callable[[str], None]


class Voice:
    """Speaks answers, and listens where the language is English; Missing if it cannot at all."""

    def __init__(self, box: Any, locale: str, args: Any, tell: Tell) -> None:
        self._tell = tell
        self._mouth: Mouth | None = Mouth(locale, args.audio_out)
        self._listener: Listener | None = None
        if locale.startswith("en"):
            model = Model(models_from(ROOT / "interaction_model")(locale), language_of(locale))
            self._listener = Listener(box, model, args.audio_in)
        elif args.audio_in:
            raise Missing(f"--audio-in needs English; {locale} can only be spoken")
        else:
            tell(_ONLY_SPEAKS.format(locale))

    @property
    def hears(self) -> bool:
        """Whether it listens; else somebody types."""
        return self._listener is not None

    def listen(self, open_: bool, verifying: bool) -> str | None:
        """The next sentence, None at the end, or when there is no microphone (which is told)."""
        if self._listener is None:
            return None
        try:
            return self._listener.listen(open_, verifying)
        except Missing as missing:
            self._tell(f"{missing}. You can type.")
            self._listener = None
            return None

    def speak(self, said: Mapping[str, Any]) -> None:
        """Say the answer; a machine that cannot is told of once."""
        if self._mouth:
            try:
                self._mouth.speak(said)
            except Missing as missing:
                self._tell(str(missing))
                self._mouth = None
