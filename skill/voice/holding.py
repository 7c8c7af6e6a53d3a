"""A word while somebody waits: Alexa speaks it at once, and the answer is still to come.

It does not extend Alexa's eight seconds, and whether it arrives changes nothing (alexa.md §1).
"""

import json
import logging
import re
import threading
from urllib.parse import urlsplit

from skill.voice.envelope import Channel
from skill.voice.talk import Talk

log = logging.getLogger("toban.voice")
# Seconds of silence after which it is said; nearly every turn is over by then.
AFTER = 1.8
TIMEOUT = 1.0
_ALEXA = re.compile(r"https://api(?:\.[a-z]{2,12})?\.amazonalexa\.com")
_HERE = ("127.0.0.1", "localhost", "::1")


def on(talk: Talk) -> threading.Thread | None:
    """Say it, in a thread of its own; None where there is nobody whom one could ask to."""
    channel = talk.said.channel
    if not (channel.token and channel.request and trusted(channel.endpoint, _aws(talk))):
        return None
    text = f"<speak>{talk.book.say('holding')}</speak>"
    thread = threading.Thread(target=_send, args=(channel, text), daemon=True)
    thread.start()
    return thread


def _aws(talk: Talk) -> str:
    return str(talk.engine.aws.clients("dynamodb").meta.endpoint_url)


def trusted(endpoint: str, aws: str) -> bool:
    """Whether the bearer token may go there: to Alexa; on this very machine if AWS is here too."""
    if _ALEXA.fullmatch(endpoint):
        return True
    return all(urlsplit(url).hostname in _HERE for url in (endpoint, aws))


def _send(channel: Channel, text: str) -> None:
    """One try. urllib3 is here already, with botocore; it is told not to follow anywhere."""
    import urllib3

    speak = {"type": "VoicePlayer.Speak", "speech": text}
    body = {"header": {"requestId": channel.request}, "directive": speak}
    try:
        answer = urllib3.PoolManager(timeout=TIMEOUT, retries=False).request(
            "POST",
            f"{channel.endpoint}/v1/directives",
            body=json.dumps(body, ensure_ascii=False).encode(),
            headers={
                "Authorization": f"Bearer {channel.token}",
                "Content-Type": "application/json",
            },
            redirect=False,
        )
        log.info("said that it takes a moment", extra={"status": answer.status})
    except (urllib3.exceptions.HTTPError, ValueError, UnicodeError) as error:
        log.info("not said that it takes a moment: %s", type(error).__name__)
