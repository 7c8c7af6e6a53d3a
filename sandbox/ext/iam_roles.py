"""IAM roles: look-ups, and changes that AWS refuses on the roles that are its own."""

from collections.abc import Callable
from typing import Any

from moto.core.utils import camelcase_to_underscores
from moto.iam.responses import IamResponse

from .iam_base import Params, by_name, check_modifiable, checked, page, role, serve

GUARDED = (
    "UpdateRole",
    "UpdateRoleDescription",
    "UpdateAssumeRolePolicy",
    "PutRolePermissionsBoundary",
    "DeleteRolePermissionsBoundary",
    "TagRole",
    "UntagRole",
    "DeleteRole",
    "AddRoleToInstanceProfile",
    "RemoveRoleFromInstanceProfile",
)
_wrapped: set[str] = set()


def get_role(backend: Any, params: Params) -> Params:
    """One role with tags."""
    return {"Role": role(backend, params["RoleName"])}


def list_roles(backend: Any, params: Params) -> Params:
    """A page of roles, without tags and last use."""
    found = by_name(backend.roles.values(), params.get("PathPrefix", "/"))
    return page(params, "Roles", found)


def list_instance_profiles_for_role(backend: Any, params: Params) -> Params:
    """A page of the instance profiles that hold a role."""
    wanted = role(backend, params["RoleName"])
    return page(params, "InstanceProfiles", by_name(wanted.instance_profile_list, "/"))


def list_instance_profiles(backend: Any, params: Params) -> Params:
    """A page of all instance profiles."""
    found = by_name(backend.instance_profiles.values(), params.get("PathPrefix", "/"))
    return page(params, "InstanceProfiles", found)


def _guarded(name: str, original: Callable[[Any], Any]) -> Callable[[Any], Any]:
    def method(self: Any) -> Any:
        check_modifiable(role(self.backend, checked(self, name)["RoleName"]))
        return original(self)

    return method


def install() -> None:
    """Put the strict operations in place of moto's, and a guard before its other changes."""
    serve(
        {
            "GetRole": get_role,
            "ListRoles": list_roles,
            "ListInstanceProfilesForRole": list_instance_profiles_for_role,
            "ListInstanceProfiles": list_instance_profiles,
        }
    )
    for name in GUARDED:
        method = camelcase_to_underscores(name)
        if name not in _wrapped:
            _wrapped.add(name)
            setattr(IamResponse, method, _guarded(name, getattr(IamResponse, method)))
