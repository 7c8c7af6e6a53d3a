"""Function URLs: a function behind an HTTP address, for everybody if its policy says so."""

import hashlib
import json
from typing import Any

from moto.awslambda.utils import get_backend

Properties = dict[str, Any]


def make(name: str, properties: Properties, account: str, region: str) -> tuple[str, Properties]:
    """AWS::Lambda::Url: its physical id is the function's ARN."""
    arn = properties["TargetFunctionArn"]
    url_id = hashlib.sha256(arn.encode()).hexdigest()[:32]
    row = {"arn": arn, "auth": properties["AuthType"]}
    urls(account, region)[url_id] = row
    address = f"https://{url_id}.lambda-url.{region}.on.aws/"
    return arn, {"FunctionUrl": address, "FunctionArn": arn}


def urls(account: str, region: str) -> dict[str, dict[str, str]]:
    """Function ARN and kind of authorization by URL id; a reset forgets them."""
    found: dict[str, dict[str, str]] = get_backend(account, region).__dict__.setdefault(
        "ext_urls", {}
    )
    return found


def is_public(arn: str, account: str, region: str) -> bool:
    """Whether the function's policy lets everybody in by its URL. Both statements are needed."""
    function: Any = get_backend(account, region).get_function(arn)
    rows = [json.loads(json.dumps(row, default=str)) for row in function.policy.statements]
    granted = {row["Action"] for row in rows if _is_everybody(row["Principal"])}
    return {"lambda:InvokeFunctionUrl", "lambda:InvokeFunction"} <= granted


def _is_everybody(principal: Any) -> bool:
    return principal == "*" or (isinstance(principal, dict) and "*" in principal.values())


def reserved(arn: str, account: str, region: str) -> int | None:
    """The concurrency that is reserved for a function, if any is."""
    function: Any = get_backend(account, region).get_function(arn)
    given = function.deployed_properties.get("ReservedConcurrentExecutions")
    return None if given in (None, "") else int(given)


def install() -> None:
    """Nothing of moto's is in the way."""
