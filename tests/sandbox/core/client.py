"""Talks plain HTTP to a box."""

import json
import urllib.error
import urllib.request
from typing import Any

import boto3
from botocore.config import Config


def http(method: str, url: str, body: Any = None) -> tuple[int, Any]:
    """Status and JSON answer; `body` is sent as JSON, or as it is when it is bytes."""
    data = body if isinstance(body, bytes | None) else json.dumps(body).encode()
    request = urllib.request.Request(url, data=data, method=method)  # noqa: S310 (our own URL)
    try:
        with urllib.request.urlopen(request, timeout=60) as answer:  # noqa: S310
            return answer.status, json.loads(answer.read())
    except urllib.error.HTTPError as error:
        with error:
            return error.code, json.loads(error.read())


def aws(
    url: str, service: str, key: str = "AKIASOMEBODYUNKNOWN0", region: str = "us-east-1"
) -> Any:
    """A client as anybody may have it; without retries, so that errors are seen."""
    return boto3.client(
        service,
        region_name=region,
        endpoint_url=url,
        aws_access_key_id=key,
        aws_secret_access_key="any",
        config=Config(retries={"total_max_attempts": 1}),
    )


def voice(urls: dict[str, str], event: dict[str, Any]) -> tuple[int, Any]:
    """The voice function's answer and 200, or its error and 500, as the Alexa URL would have it.

    Not through that URL: what these functions answer is no answer to Alexa.
    """
    payload = json.dumps(event).encode()
    made = aws(urls["aws"], "lambda").invoke(FunctionName="toban-voice:live", Payload=payload)
    found = json.loads(made["Payload"].read())
    if "FunctionError" not in made:
        return 200, found
    return 500, {name: found.get(name, "") for name in ("errorType", "errorMessage")}
