"""Alexa's own PIN check (AMAZON.VerifyPerson): the skill never hears the digits."""

from typing import Any

from sandbox.alexa import english, words
from sandbox.alexa.conversation import PinCheck

ASK, ASK_AGAIN = "What's your PIN?", "That's not right. What's your PIN?"
ACHIEVED = {"status": "ACHIEVED"}
GIVEN_UP = {"status": "NOT_ACHIEVED"}
LOCKED_OUT = {"status": "NOT_ACHIEVED", "reason": "METHOD_LOCKOUT"}
NOT_SET_UP = {"status": "NOT_ACHIEVED", "reason": "VERIFICATION_METHOD_NOT_SETUP"}
_TRIES = 3
_AWAY = {
    said
    for intent in ("AMAZON.CancelIntent", "AMAZON.StopIntent", "AMAZON.NoIntent")
    for said in english.BUILT_IN[intent].split("|")
} | english.EXIT


def verdict(check: PinCheck, said: str, pin: str) -> dict[str, str] | None:
    """The result of the check, or None while another try is left."""
    if said.strip(" .!?") in _AWAY:
        return GIVEN_UP
    spoken = words.tokens(said.replace("my pin is", ""))
    if pin and words.digits_of(spoken) == pin:
        return ACHIEVED
    check.wrong += 1
    return LOCKED_OUT if check.wrong >= _TRIES else None


def resumed(token: str, result: dict[str, str]) -> dict[str, Any]:
    """The request by which Alexa hands the conversation back to the skill."""
    status = {"code": "200", "message": "OK"}
    cause = {"type": "ConnectionCompleted", "token": token, "status": status, "result": result}
    return {"type": "SessionResumedRequest", "cause": cause}
