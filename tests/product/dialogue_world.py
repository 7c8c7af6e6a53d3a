"""What tests of a conversation look at: the open question, and what a yes would act on."""

from tests.world import Conversation, Json


def planned(talk: Conversation) -> Json:
    """What a yes would now act on: {"action", "params", "proof"}; empty for nothing."""
    found: Json = talk.attributes.get("hint", {})
    return found


def asks(talk: Conversation) -> bool:
    """An open microphone, a question, and a reprompt that says it in other words."""
    speech = talk.answer["outputSpeech"]["ssml"]
    again = talk.answer.get("reprompt", {}).get("outputSpeech", {}).get("ssml", "")
    return talk.open and bool(again) and again != speech
