"""Bucket policies: what they deny is denied, conditions and all, to everybody whom they name.

moto ignores conditions, so that the usual rule against plain HTTP would shut everybody out. What a
policy allows to others is not modelled: in one account, identity policies decide that.
"""

from typing import Any

from moto.iam.access_control import PermissionResult
from moto.s3.exceptions import S3ClientError
from moto.s3.models import FakeBucket
from moto.s3.responses import S3Response

from sandbox.delivery.overrides import override
from sandbox.runtime import access_traffic, calls, policies
from sandbox.runtime.access import Access


class Denied(S3ClientError):
    """A bucket policy says no."""

    code = "AccessDenied"


def _authorize(self: Any, bucket_name: str | None = None, key_name: str | None = None) -> None:
    """Raise AccessDenied if the bucket's policy denies this action to whoever calls."""
    bucket = self.backend.buckets.get(bucket_name) if bucket_name else None
    if bucket is None or bucket.policy is None:
        return
    action, arn = f"s3:{self.data['Action']}", f"arn:aws:s3:::{bucket_name}"
    resource = f"{arn}/{key_name}" if key_name else arn
    access = Access(action, resource, _context(self))
    rows = [row for row in policies.parse(bucket.policy.decode()) if _concerns(row)]
    if policies.applies(rows, access):
        who = f"User: {calls.caller().arn} is not authorized to perform: {action}"
        why = "with an explicit deny in a resource-based policy"
        raise Denied(f'{who} on resource: "{resource}" {why}')


def _context(self: Any) -> dict[str, list[str]]:
    headers = {name.lower(): str(value) for name, value in dict(self.headers).items()}
    caller = calls.caller()
    found = {
        "aws:principalarn": [caller.issuer or caller.arn],
        "aws:principalaccount": [caller.account],
    }
    return found | access_traffic.s3_context(headers)


def _concerns(row: policies.Statement) -> bool:
    """Whether a statement denies, and names the caller."""
    principal = row.get("Principal", {})
    named = principal if isinstance(principal, str) else principal.get("AWS", [])
    caller = calls.caller()
    ours = {"*", caller.arn, caller.issuer, caller.account, f"arn:aws:iam::{caller.account}:root"}
    return row["Effect"] == "Deny" and bool(
        ours & set([named] if isinstance(named, str) else named)
    )


def _neutral(self: Any, action: str, resource: str) -> PermissionResult:
    return PermissionResult.NEUTRAL


def install() -> None:
    """Replace moto's check, which knows no conditions; assigning twice changes nothing."""
    override(FakeBucket, "get_permission", _neutral)
    override(S3Response, "_authenticate_and_authorize_s3_action", _authorize)
