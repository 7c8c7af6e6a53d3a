"""Instance profile associations: one per instance, checked, and seen on the instance.

Changes are true at once, though the answers say associating and disassociating, as AWS does.
"""

from typing import Any

from moto.core.responses import ActionResult
from moto.core.utils import utcnow
from moto.ec2.responses import IamInstanceProfiles
from moto.ec2.utils import random_iam_instance_profile_association_id
from moto.iam import iam_backends

from sandbox.network.ec2_views import View, stamp
from sandbox.network.ec2_xml import XmlAnswer

from .ec2_base import fail, find_instance, patch, require
from .ec2_describe import listing


def _view(link: Any, state: str = "associated") -> View:
    profile = link.iam_instance_profile
    return {
        "associationId": link.association_id,
        "instanceId": link.instance_id,
        "iamInstanceProfile": {"arn": profile.arn, "id": profile.id},
        "state": state,
    }


def _answer(link: Any, state: str) -> ActionResult:
    shown = _view(link, state) | {"timestamp": stamp(utcnow())}
    return XmlAnswer({"iamInstanceProfileAssociation": shown})


def _profile(self: Any) -> Any:
    """The profile that a request names by name or ARN."""
    asked = require(self, "IamInstanceProfile")
    known = iam_backends[self.current_account][self.partition].instance_profiles.values()
    for member, attribute in (("Arn", "arn"), ("Name", "name")):
        if value := asked.get(member):
            if found := next((p for p in known if getattr(p, attribute) == value), None):
                return found
            wire = f"iamInstanceProfile.{member.lower()}"
            text = f"Value ({value}) for parameter {wire} is invalid."
            fail("InvalidParameterValue", f"{text} Invalid IAM Instance Profile {member.lower()}")
    return fail("MissingParameter", "The request must contain the parameter iamInstanceProfile")


def _find(self: Any) -> Any:
    wanted = require(self, "AssociationId")
    links = self.ec2_backend.iam_instance_profile_associations.values()
    found = next((each for each in links if each.association_id == wanted), None)
    text = f"An invalid association-id of '{wanted}' was given"
    return found or fail("InvalidAssociationID.NotFound", text)


def associate_iam_instance_profile(self: Any) -> ActionResult:
    """Give a profile to an instance that has none."""
    backend, profile = self.ec2_backend, _profile(self)
    instance = find_instance(backend, require(self, "InstanceId", "InstanceId"))
    if instance.state not in ("pending", "running", "stopping", "stopped"):
        text = f"The instance '{instance.id}' is not in the 'running' or 'stopped' states."
        fail("IncorrectInstanceState", text)
    if instance.id in backend.iam_instance_profile_associations:
        fail("IncorrectState", f"There is an existing association for instance {instance.id}")
    self.error_on_dryrun()
    link = backend.associate_iam_instance_profile(instance.id, iam_instance_profile_arn=profile.arn)
    return _answer(link, "associating")


def disassociate_iam_instance_profile(self: Any) -> ActionResult:
    """Take the profile off; credentials that were issued stay valid."""
    link = _find(self)
    self.error_on_dryrun()
    self.ec2_backend.disassociate_iam_instance_profile(link.association_id)
    return _answer(link, "disassociating")


def replace_iam_instance_profile_association(self: Any) -> ActionResult:
    """Another profile in the place of one; the association gets a new id."""
    link, profile = _find(self), _profile(self)
    self.error_on_dryrun()
    link.association_id = random_iam_instance_profile_association_id()
    link.iam_instance_profile = profile
    shown = {"Arn": profile.arn, "Id": link.association_id}
    link.instance.iam_instance_profile = shown
    return _answer(link, "associating")


def describe_iam_instance_profile_associations(self: Any) -> ActionResult:
    """All associations, or those that the request names."""
    links = list(self.ec2_backend.iam_instance_profile_associations.values())
    if ids := self._get_param("AssociationIds", []):
        known = {each.association_id: each for each in links}
        for value in ids:
            if value not in known:
                text = f"An invalid association-id of '{value}' was given"
                fail("InvalidAssociationID.NotFound", text)
        links = [known[value] for value in ids]
    shown, token = listing(self, links, _view, ids="AssociationIds")
    return XmlAnswer({"iamInstanceProfileAssociationSet": shown, "nextToken": token})


def install() -> None:
    """Put the strict operations in place of moto's."""
    patch(
        IamInstanceProfiles,
        associate_iam_instance_profile=associate_iam_instance_profile,
        disassociate_iam_instance_profile=disassociate_iam_instance_profile,
        replace_iam_instance_profile_association=replace_iam_instance_profile_association,
        describe_iam_instance_profile_associations=describe_iam_instance_profile_associations,
    )
