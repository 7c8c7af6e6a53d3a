"""The organisation of the box: home, and every account that lets the organisation in."""

from moto.iam.models import iam_backends

from sandbox.runtime.calls import ACCOUNT

ID = "o-sandbox0001"
ROLE = "OrganizationAccountAccessRole"


def id_of(account: str) -> str:
    """The organisation's id; empty for an account that is in none."""
    known = account in iam_backends and ROLE in {
        role.name for role in iam_backends[account]["aws"].roles.values()
    }
    return ID if account == ACCOUNT or known else ""
