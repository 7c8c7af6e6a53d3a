"""Users and roles: who they are, and what contains them. Names are without their paths.

`kind` is "user" or "role" throughout. What stands in both APIs is called by the same method.
"""

import json
from collections.abc import Iterator
from typing import Any

from skill.aws.client import Service
from skill.errors import Gone

Row = dict[str, Any]
PAGE = 1000


class Iam(Service):
    name = "iam"
    busy = ("EntityTemporarilyUnmodifiable", "ConcurrentModification")

    def principal(self, kind: str, name: str) -> Row:
        """A user or a role with its tags, as {"Arn", "Path", "Tags": {key: value}, ...}."""
        operation = {"user": "get_user", "role": "get_role"}[kind]
        found: Row = self.call(operation, **_named(kind, name))[kind.title()]
        return {**found, "Tags": {tag["Key"]: tag["Value"] for tag in found.get("Tags", ())}}

    def principals(self, kind: str) -> Iterator[list[Row]]:
        """All users or all roles, one page at a time: what is not taken is not asked for."""
        operation, field = {"user": ("list_users", "Users"), "role": ("list_roles", "Roles")}[kind]
        marker: dict[str, str] = {}
        while True:
            page = self.call(operation, MaxItems=PAGE, **marker)
            yield page[field]
            if not page.get("IsTruncated"):
                return
            marker = {"Marker": page["Marker"]}

    def attached(self, kind: str, name: str) -> list[str]:
        """The ARNs of the managed policies."""
        operation = f"list_attached_{kind}_policies"
        rows = self.marked(operation, "AttachedPolicies", **_named(kind, name))
        return [row["PolicyArn"] for row in rows]

    def attach(self, kind: str, name: str, policy: str) -> None:
        """Attach a managed policy, again too. Raises Conflict (LimitExceeded) beyond the tenth."""
        self.call(f"attach_{kind}_policy", **_named(kind, name), PolicyArn=policy)

    def detach(self, kind: str, name: str, policy: str) -> bool:
        """False if it was not attached."""
        return self._there(f"detach_{kind}_policy", **_named(kind, name), PolicyArn=policy)

    def policies(self, kind: str, name: str) -> list[str]:
        """The names of the inline policies."""
        operation = {"user": "list_user_policies", "role": "list_role_policies"}[kind]
        names: Iterator[Any] = self.marked(operation, "PolicyNames", **_named(kind, name))
        return list(names)

    def put(self, kind: str, name: str, policy: str, *statements: Row) -> None:
        """Write an inline policy. Raises Conflict (LimitExceeded) when they grow too long."""
        document = json.dumps({"Version": "2012-10-17", "Statement": list(statements)})
        given = {"PolicyName": policy, "PolicyDocument": document}
        self.call(f"put_{kind}_policy", **_named(kind, name), **given)

    def drop(self, kind: str, name: str, policy: str) -> bool:
        """Delete an inline policy. False if there was none."""
        operation = {"user": "delete_user_policy", "role": "delete_role_policy"}[kind]
        return self._there(operation, **_named(kind, name), PolicyName=policy)

    def _there(self, operation: str, **params: str) -> bool:
        """False if what the call is about does not exist."""
        try:
            self.call(operation, **params)
        except Gone:
            return False
        return True

    def keys(self, user: str) -> dict[str, str]:
        """Access key id to "Active" or "Inactive"."""
        rows = self.marked("list_access_keys", "AccessKeyMetadata", UserName=user)
        return {row["AccessKeyId"]: row["Status"] for row in rows}

    def set_key(self, user: str, key: str, status: str) -> bool:
        """False if the key was deleted meanwhile."""
        return self._there("update_access_key", UserName=user, AccessKeyId=key, Status=status)

    def console(self, user: str) -> bool:
        """Whether there is a console password."""
        return self._there("get_login_profile", UserName=user)

    def set_password(self, user: str, password: str) -> bool:
        """False if there is no console password to replace."""
        return self._there("update_login_profile", UserName=user, Password=password)

    def profiles(self, role: str) -> list[str]:
        """The ARNs of the instance profiles that hold a role."""
        rows = self.marked("list_instance_profiles_for_role", "InstanceProfiles", RoleName=role)
        return [row["Arn"] for row in rows]

    def profiles_by_role(self) -> dict[str, list[str]]:
        """Role name to the ARNs of the instance profiles that hold it, of the first thousand."""
        rows = self.call("list_instance_profiles", MaxItems=PAGE)["InstanceProfiles"]
        found: dict[str, list[str]] = {}
        for row in rows:
            for role in row["Roles"]:
                found.setdefault(role["RoleName"], []).append(row["Arn"])
        return found

    def role_of_profile(self, profile: str) -> str:
        """The name of an instance profile's role; empty if it has none or is gone."""
        name = profile.rpartition("/")[2]
        try:
            found = self.call("get_instance_profile", InstanceProfileName=name)
        except Gone:
            return ""
        roles: list[Row] = found["InstanceProfile"]["Roles"]
        return str(roles[0]["RoleName"]) if roles else ""


def _named(kind: str, name: str) -> dict[str, str]:
    return {f"{kind.title()}Name": name}
