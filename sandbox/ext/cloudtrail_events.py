"""The events that EC2 tag changes and launches leave: the CloudTrail record and `aws.tag`."""

import re
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from moto.ec2.models import ec2_backends
from moto.ec2.responses import EC2Response
from moto.ec2.utils import EC2_PREFIX_TO_RESOURCE, get_prefix
from moto.iam import iam_backends
from moto.moto_api._internal import mock_random

from sandbox.delivery.hook import emit

from .ec2_base import instance_index, patch

Identity = Callable[[str], dict[str, Any]]
IDENTITY: Identity | None = None
"""Set by whoever knows the callers: access key id -> CloudTrail `userIdentity`."""

_EVENT_VERSION = "1.11"
_ERROR = re.compile(r"<Code>(.*?)</Code><Message>(.*?)</Message>", re.S)
_REQUEST_ID = re.compile(r"<requestId>(.*?)</requestId>|<RequestID>(.*?)</RequestID>")
Items = dict[str, list[dict[str, Any]]]
_done: set[type] = set()


def caller(access_key_id: str, account: str = "123456789012") -> dict[str, Any]:
    """The `userIdentity` of who signed with this key; by default the IAM user that moto knows."""
    if IDENTITY is not None:
        return IDENTITY(access_key_id)
    users = iam_backends[account]["aws"].users.values()
    owners = (
        user
        for user in users
        if any(key.access_key_id == access_key_id for key in user.access_keys)
    )
    user = next(owners, None)
    return {
        "type": "IAMUser",
        "principalId": user.id if user else "AIDASANDBOXOPERATOR01",
        "arn": user.arn if user else f"arn:aws:iam::{account}:user/operator",
        "accountId": account,
        "accessKeyId": access_key_id,
        "userName": user.name if user else "operator",
    }


def _items(values: Any) -> Items:
    return {"items": list(values)}


def _tags(items: Any) -> list[dict[str, str]]:
    """Tags as CloudTrail writes them; a key without a value has none."""
    return [
        {name.lower(): item[name] for name in ("Key", "Value") if name in item} for item in items
    ]


def _tag_request(params: dict[str, Any]) -> dict[str, Any]:
    resources = [{"resourceId": value} for value in params.get("Resources", [])]
    return {"resourcesSet": _items(resources), "tagSet": _items(_tags(params.get("Tags", [])))}


def _run_request(params: dict[str, Any]) -> dict[str, Any]:
    image = {
        "imageId": params.get("ImageId"),
        "minCount": params.get("MinCount"),
        "maxCount": params.get("MaxCount"),
    }
    specifications = [
        {"resourceType": each.get("ResourceType"), "tags": _tags(each.get("Tags", []))}
        for each in params.get("TagSpecifications", [])
    ]
    found: dict[str, Any] = {
        "instancesSet": _items([image]),
        "clientToken": params.get("ClientToken"),
    }
    if "InstanceType" in params:
        found["instanceType"] = params["InstanceType"]
    if "SubnetId" in params:
        found["subnetId"] = params["SubnetId"]
    if specifications:
        found["tagSpecificationSet"] = _items(specifications)
    return found


REQUESTS = {"CreateTags": _tag_request, "DeleteTags": _tag_request, "RunInstances": _run_request}


def _run_response(self: Any, body: str) -> dict[str, Any]:
    launched = re.findall(r"<instanceId>(i-[0-9a-f]+)</instanceId>", body)
    known = instance_index(self.ec2_backend)
    found = [_launched(self.ec2_backend, known[value]) for value in dict.fromkeys(launched)]
    reservation = re.search(r"<reservationId>(.*?)</reservationId>", body)
    return {
        "reservationId": reservation[1] if reservation else None,
        "ownerId": self.current_account,
        "groupSet": {},
        "instancesSet": _items(found),
    }


def _launched(backend: Any, instance: Any) -> dict[str, Any]:
    tags = backend.tags.get(instance.id) or {}
    return {
        "instanceId": instance.id,
        "imageId": instance.image_id,
        "instanceState": {"code": 0, "name": "pending"},
        "instanceType": instance.instance_type,
        "subnetId": instance.subnet_id,
        "vpcId": instance.vpc_id,
        "privateIpAddress": instance.private_ip,
        "tagSet": _items({"key": key, "value": value} for key, value in tags.items()),
    }


def _record(self: Any, action: str, params: dict[str, Any], body: str) -> dict[str, Any]:
    """One CloudTrail record of the call that was just answered."""
    error = _ERROR.search(body)
    found = _REQUEST_ID.search(body)
    request_id = (found[1] or found[2]) if found else str(mock_random.uuid4())
    done = (
        _run_response(self, body) if action == "RunInstances" and not error else {"_return": True}
    )
    record: dict[str, Any] = {
        "eventVersion": _EVENT_VERSION,
        "userIdentity": caller(self.access_key, self.current_account),
        "eventTime": f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}",
        "eventSource": "ec2.amazonaws.com",
        "eventName": action,
        "awsRegion": self.region,
        "sourceIPAddress": self.normalized_request.remote_addr or "127.0.0.1",
        "userAgent": self.headers.get("User-Agent", ""),
        "requestParameters": REQUESTS[action](params),
        "responseElements": None if error else {"requestId": request_id} | done,
        "requestID": request_id,
        "eventID": str(mock_random.uuid4()),
        "readOnly": False,
        "eventType": "AwsApiCall",
        "managementEvent": True,
        "recipientAccountId": self.current_account,
        "eventCategory": "Management",
    }
    if error:
        record |= {"errorCode": f"Client.{error[1]}", "errorMessage": error[2]}
    return record


def _snapshot(self: Any, params: dict[str, Any]) -> dict[str, dict[str, str]]:
    tags = self.ec2_backend.tags
    return {value: dict(tags.get(value) or {}) for value in params.get("Resources", [])}


def _tag_changes(
    account: str, region: str, before: dict[str, dict[str, str]], resources: list[str]
) -> None:
    """One `aws.tag` event per resource whose tags are not what they were."""
    backend = ec2_backends[account][region]
    for resource in resources:
        old, new = before.get(resource, {}), dict(backend.tags.get(resource) or {})
        changed = [key for key in {**old, **new} if old.get(key) != new.get(key)]
        if changed:
            _emit_tags(backend, resource, changed, new)


def _emit_tags(backend: Any, resource: str, changed: list[str], tags: dict[str, str]) -> None:
    versions = backend.__dict__.setdefault("ext_tag_versions", {})
    versions[resource] = versions.get(resource, 0) + 1
    account, region = backend.account_id, backend.region_name
    kind = EC2_PREFIX_TO_RESOURCE.get(get_prefix(resource), "")
    detail = {
        "changed-tag-keys": changed,
        "service": "ec2",
        "resource-type": kind,
        "version": versions[resource],
        "tags": tags,
    }
    arn = f"arn:aws:ec2:{region}:{account}:{kind}/{resource}"
    emit("aws.tag", "Tag Change on Resource", detail, [arn], account, region)


def _observed(original: Callable[[Any], Any]) -> Callable[[Any], Any]:
    def call_action(self: Any) -> Any:
        action = self._get_action()
        if action not in REQUESTS:
            return original(self)
        params = dict(self._get_params())
        before = _snapshot(self, params)
        answer = original(self)
        _report(self, action, params, before, answer[2])
        return answer

    return call_action


def _report(
    self: Any, action: str, params: dict[str, Any], before: dict[str, dict[str, str]], body: Any
) -> None:
    text = body.decode() if isinstance(body, bytes) else str(body)
    record = _record(self, action, params, text)
    account, region = self.current_account, self.region
    if not record.get("errorCode"):
        launched = [item["instanceId"] for item in _launches(record)]
        _tag_changes(account, region, before, [*before, *launched])
    emit("aws.ec2", "AWS API Call via CloudTrail", record, [], account, region)


def _launches(record: dict[str, Any]) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = (
        (record["responseElements"] or {}).get("instancesSet", {}).get("items", [])
    )
    return found


def install() -> None:
    """Observe the calls from outside, whatever else replaces the operations themselves."""
    if EC2Response not in _done:
        _done.add(EC2Response)
        patch(EC2Response, call_action=_observed(EC2Response.call_action))
