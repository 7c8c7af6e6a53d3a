"""Open questions: a plan that waits for a yes, and then perhaps for proof of who speaks.

A question sits under a single-use token for 120 s, bound to the person and the account that was
told
the plan. It is taken by a conditional write, so no two answers can both act.
"""

import base64
import hashlib
import hmac
import secrets
import time
from dataclasses import replace

from skill.aws import Aws
from skill.engine import tries
from skill.errors import Expired, Refused, TobanError, caught
from skill.model import Actor, Facts, Plan, Request, document

SECONDS = 120
CONFIRM, PROVE, TAKEN = "confirm", "prove", "taken"
_OPEN = "stage = :stage AND actor = :actor AND expires > :now"


def ask(aws: Aws, request: Request, plan: Plan, proof: bool) -> str:
    """Keep the question, and whether its yes needs proof; its token."""
    token = secrets.token_urlsafe(24)
    asked = {"request": document(request), "plan": document(plan), "proof": proof}
    expires = int(time.time()) + SECONDS
    aws.ledger.put_new(
        f"question#{token}",
        "open",
        asked,
        stage=CONFIRM,
        actor=request.actor.id,
        expires=expires,
        ttl=expires + 3600,
    )
    return token


def to_prove(aws: Aws, token: str, actor: Actor) -> Facts:
    """The yes was heard: now proof is awaited, under the same token and the same deadline."""
    return _move(aws, token, actor, CONFIRM, {"stage": PROVE})


def take(aws: Aws, token: str, stage: str, actor: Actor, key: str) -> Facts:
    """The question's document, for one request only, of the person who was asked.

    The same request may come twice (alexa.md §5): it takes what it took before. Raises Expired.
    """
    return _move(aws, token, actor, stage, {"stage": TAKEN, "taken_by": key})


def _move(aws: Aws, token: str, actor: Actor, stage: str, sets: Facts) -> Facts:
    values = {"stage": stage, "actor": actor.id, "now": int(time.time())}
    item, moved = aws.ledger.change(f"question#{token}", "open", _OPEN, sets, **values)
    again = item and all(item.get(name) == value for name, value in sets.items())
    if item and (moved or (again and item["actor"] == actor.id)):
        doc: Facts = item["doc"]
        return doc
    raise Expired(reason=_why(item, actor))


def _why(item: Facts | None, actor: Actor) -> str:
    if item is None or item["stage"] == TAKEN:
        return "gone"
    if item["actor"] != actor.id:
        return "other_person"
    return "late" if item["expires"] <= time.time() else "gone"


def drop(aws: Aws, token: str) -> None:
    """Close a question without acting: a no, a stop, another intent."""
    aws.ledger.delete(f"question#{token}", "open")


def hint_of(aws: Aws, token: str) -> Facts:
    """The action and parameters of an open question, for a session that did not bring them back."""
    item = aws.ledger.get(f"question#{token}", "open")
    if item is None:
        raise Expired(reason="gone")
    request = item["doc"]["request"]
    proof = item["doc"]["proof"]
    return {"action": request["action"], "params": request["params"], "proof": proof}


def request_of(asked: Facts, key: str) -> Request:
    """The request that was asked about, under the key of the turn that approves it."""
    doc = asked["request"]
    actor = Actor.of(doc["actor"])
    return replace(Request(doc["action"], doc["params"], actor, doc["key"]), key=key)


def take_with_pin(aws: Aws, token: str, actor: Actor, key: str, pin: str) -> Facts:
    """The question's document, if the spoken PIN is right.

    It is taken while the PIN's hash is read and the try is counted, and given back for another try
    if the PIN was wrong, so two guesses at once cannot both be tried. Raises Refused; the third
    wrong PIN locks the person for 15 minutes.
    """
    stored, asked, tried = aws.gather(
        lambda: caught(lambda: aws.ssm.parameter(aws.settings.pin_parameter)),
        lambda: caught(lambda: take(aws, token, PROVE, actor, key)),
        lambda: caught(lambda: tries.count(aws, actor.id, key)),
    )
    problems = [one for one in (stored, asked, tried) if isinstance(one, TobanError)]
    if problems and tried not in problems:
        caught(lambda: tries.take_back(aws, actor.id, key))
    if problems:
        raise problems[0]
    if matches(pin, stored):
        caught(lambda: tries.forget(aws, actor.id))
        return dict(asked)
    if tried >= tries.MOST:
        raise Refused(reason="pin_locked")
    aws.ledger.change(f"question#{token}", "open", "taken_by = :key", {"stage": PROVE}, key=key)
    raise Refused(reason="pin_wrong", left=tries.MOST - tried)


def matches(pin: str, stored: str) -> bool:
    """Compare in constant time with `scrypt$n$r$p$salt$hash` (base64); a malformed value matches
    nothing.
    """
    parts = stored.split("$")
    if len(parts) != 6 or parts[0] != "scrypt":
        return False
    n, r, p = (int(part) for part in parts[1:4])
    salt, kept = base64.b64decode(parts[4]), base64.b64decode(parts[5])
    made = hashlib.scrypt(pin.encode(), salt=salt, n=n, r=r, p=p, dklen=len(kept), maxmem=2**27)
    return hmac.compare_digest(made, kept)


def hash_pin(pin: str) -> str:
    """The stored form of a PIN."""
    salt = secrets.token_bytes(16)
    made = hashlib.scrypt(pin.encode(), salt=salt, n=16384, r=8, p=1, dklen=32)
    return "$".join(["scrypt", "16384", "8", "1", *map(_b64, (salt, made))])


def _b64(data: bytes) -> str:
    return base64.b64encode(data).decode()
