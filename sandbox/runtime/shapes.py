"""How each AWS protocol writes an error, and how to read its code back."""

import json
import re
import uuid
from xml.sax.saxutils import escape

from sandbox.runtime.calls import Call
from sandbox.runtime.servers import Response

_CODE = re.compile(rb"<Code>([^<]+)</Code>")
_XML = "text/xml; charset=utf-8"


def aws_error(call: Call, code: str, message: str, status: int) -> Response:
    """An error in the protocol of the call that it answers."""
    request_id = str(uuid.uuid5(uuid.NAMESPACE_OID, code + message))
    if call.protocol == "ec2":
        return _xml(
            status,
            f"<Response><Errors>{_row(code, message)}</Errors>"
            f"<RequestID>{request_id}</RequestID></Response>",
        )
    if call.service == "s3":
        return _xml(status, _row(code, message))
    if call.protocol == "query":
        row = _row(code, message, "Sender" if status < 500 else "Receiver")
        return _xml(
            status, f"<ErrorResponse>{row}<RequestId>{request_id}</RequestId></ErrorResponse>"
        )
    body = {"__type": code, "message": message, "Message": message}
    headers = {
        "Content-Type": "application/x-amz-json-1.1"
        if call.protocol == "json"
        else "application/json",
        "x-amzn-ErrorType": code,
        "x-amzn-RequestId": request_id,
    }
    return Response(status, json.dumps(body).encode(), headers)


def _row(code: str, message: str, kind: str = "") -> str:
    who = f"<Type>{kind}</Type>" if kind else ""
    return f"<Error>{who}<Code>{escape(code)}</Code><Message>{escape(message)}</Message></Error>"


def _xml(status: int, body: str) -> Response:
    return Response(
        status, f'<?xml version="1.0" encoding="UTF-8"?>{body}'.encode(), {"Content-Type": _XML}
    )


def error_code(answer: Response) -> str | None:
    """The error code that an AWS answer carries; None when it is no error."""
    if answer.status < 400:
        return None
    headers = {name.lower(): value for name, value in answer.headers.items()}
    if code := headers.get("x-amzn-errortype"):
        return code.split(":")[0]
    if match := _CODE.search(answer.body):
        return match[1].decode()
    return _json_code(answer)


def _json_code(answer: Response) -> str:
    try:
        body = json.loads(answer.body)
    except ValueError:
        return str(answer.status)
    if not isinstance(body, dict):
        return str(answer.status)
    code = body.get("__type") or body.get("code") or body.get("Code") or answer.status
    return str(code).rsplit("#", 1)[-1]
