"""Alexa's own PIN check (AMAZON.VerifyPerson): the skill never hears the digits."""

import re
from typing import Any

from sandbox.alexa.conversation import PinCheck
from sandbox.alexa.language import Language

ACHIEVED = {"status": "ACHIEVED"}
GIVEN_UP = {"status": "NOT_ACHIEVED"}
LOCKED_OUT = {"status": "NOT_ACHIEVED", "reason": "METHOD_LOCKOUT"}
NOT_SET_UP = {"status": "NOT_ACHIEVED", "reason": "VERIFICATION_METHOD_NOT_SETUP"}
_TRIES = 3
_AWAY = ("AMAZON.CancelIntent", "AMAZON.StopIntent", "AMAZON.NoIntent")


def verdict(check: PinCheck, said: str, pin: str, language: Language) -> dict[str, str] | None:
    """The result of the check, or None while another try is left."""
    if said.strip(" .!?。") in _leaving(language):
        return GIVEN_UP
    spoken = language.tokens(re.sub(language.pin_is, "", said))
    if pin and language.code(spoken) == pin:
        return ACHIEVED
    check.wrong += 1
    return LOCKED_OUT if check.wrong >= _TRIES else None


def _leaving(language: Language) -> set[str]:
    return {said for i in _AWAY for said in language.built_in[i].split("|")} | language.exit


def resumed(token: str, result: dict[str, str]) -> dict[str, Any]:
    """The request by which Alexa hands the conversation back to the skill."""
    status = {"code": "200", "message": "OK"}
    cause = {"type": "ConnectionCompleted", "token": token, "status": status, "result": result}
    return {"type": "SessionResumedRequest", "cause": cause}
