"""IAM users and their access keys. A key that was deleted never acts for anybody again.

Unverified: whose key it is that is not in this account, GetAccessKeyLastUsed answers with
AccessDenied (its model lists no errors).
"""

from collections.abc import Callable
from typing import Any

from moto.core.exceptions import AccessDeniedError
from moto.core.utils import camelcase_to_underscores, utcnow
from moto.iam.models import IAMBackend
from moto.iam.responses import IamResponse
from moto.iam.utils import generate_access_key_id_from_account_id

from sandbox.delivery.overrides import override
from sandbox.runtime import calls

from .iam_base import Params, by_name, checked, fail, missing, page, serve, user

_original_create = IAMBackend.create_user
_original_delete = IAMBackend.delete_access_key_by_name
CHECKED = (
    "CreateUser",
    "DeleteUser",
    "TagUser",
    "UntagUser",
    "ListUserTags",
    "ListGroupsForUser",
    "CreateAccessKey",
    "DeactivateMFADevice",
    "CreateRole",
    "ListRoleTags",
)
"""What moto does well enough once the parameters are checked."""
_wrapped: set[str] = set()


def get_user(backend: Any, params: Params) -> Params:
    """One user with tags; without a name, who calls (also the box's principal, who is no user)."""
    name, who = params.get("UserName"), calls.caller()
    if name is None and who.arn == calls.PRINCIPAL and who.key_id not in backend.access_keys:
        principal = {"UserName": who.arn.rsplit("/", 1)[-1], "Arn": who.arn, "Path": "/"}
        return {"User": principal | {"UserId": "AIDASECURITYLEAD00000", "CreateDate": utcnow()}}
    return {"User": user(backend, name)}


def list_users(backend: Any, params: Params) -> Params:
    """A page of users, without tags."""
    found = by_name(backend.users.values(), params.get("PathPrefix", "/"))
    return page(params, "Users", found)


def list_access_keys(backend: Any, params: Params) -> Params:
    """A page of a user's keys."""
    found = user(backend, params.get("UserName"))
    return {"UserName": found.name} | page(params, "AccessKeyMetadata", found.access_keys)


def _key(found: Any, key_id: str) -> Any:
    keys = (each for each in found.access_keys if each.access_key_id == key_id)
    return next(keys, None) or missing(f"The Access Key with id {key_id} cannot be found.")


def update_access_key(backend: Any, params: Params) -> None:
    """Switch a key on or off."""
    key = _key(user(backend, params.get("UserName")), params["AccessKeyId"])
    key.status = params["Status"]


def delete_access_key(backend: Any, params: Params) -> None:
    """Delete a key; only its owner's name will do."""
    _key(user(backend, params.get("UserName")), params["AccessKeyId"])
    backend.delete_access_key_by_name(params["AccessKeyId"])


def get_access_key_last_used(backend: Any, params: Params) -> Params:
    """Who owns a key, and its last use."""
    key = backend.access_keys.get(params["AccessKeyId"])
    if key is None or key.user_name is None:
        what = f"iam:GetAccessKeyLastUsed on resource: access key {params['AccessKeyId']}"
        raise AccessDeniedError(calls.caller().arn, what)
    last: Params = {"ServiceName": "N/A", "Region": "N/A"}
    if used := key.last_used:
        last = {
            "LastUsedDate": used.timestamp,
            "ServiceName": used.service,
            "Region": used.region,
        }
    return {"UserName": key.user_name, "AccessKeyLastUsed": last}


def list_mfa_devices(backend: Any, params: Params) -> Params:
    """A page of a user's MFA devices."""
    found = user(backend, params.get("UserName"))
    rows = [
        {
            "UserName": found.name,
            "SerialNumber": each.serial_number,
            "EnableDate": each.enable_date,
        }
        for each in found.mfa_devices.values()
    ]
    return page(params, "MFADevices", rows)


def deleted_keys(backend: Any) -> set[str]:
    """The ids of keys that once were a user's."""
    found: set[str] = backend.__dict__.setdefault("ext_deleted_keys", set())
    return found


def _create_user(self: Any, region_name: str, user_name: str, **more: Any) -> Any:
    """As moto, with an id of AWS's form."""
    if user_name in self.users:
        fail("EntityAlreadyExists", f"User with name {user_name} already exists.")
    made = _original_create(self, region_name, user_name, **more)
    made.id = generate_access_key_id_from_account_id(self.account_id, "AIDA", 21)
    return made


def _delete_key(self: Any, name: str) -> None:
    _original_delete(self, name)
    deleted_keys(self).add(name)


def _checked(name: str, original: Callable[[Any], Any]) -> Callable[[Any], Any]:
    def method(self: Any) -> Any:
        checked(self, name)
        return original(self)

    return method


def install() -> None:
    """Put the strict operations in place of moto's."""
    serve(
        {
            "GetUser": get_user,
            "ListUsers": list_users,
            "ListAccessKeys": list_access_keys,
            "UpdateAccessKey": update_access_key,
            "DeleteAccessKey": delete_access_key,
            "GetAccessKeyLastUsed": get_access_key_last_used,
            "ListMFADevices": list_mfa_devices,
        }
    )
    override(IAMBackend, "create_user", _create_user)
    override(IAMBackend, "delete_access_key_by_name", _delete_key)
    for name in CHECKED:
        method = camelcase_to_underscores(name)
        if name not in _wrapped:
            _wrapped.add(name)
            override(IamResponse, method, _checked(name, getattr(IamResponse, method)))
