"""Where an event comes from: home, an account that is listed, or one that nobody listed."""

import re
from dataclasses import dataclass

from skill import sites
from skill.errors import BadRequest
from skill.events.reading import Event, Ignored, maybe
from skill.settings import Settings

_ACCOUNT = re.compile(r"\d{12}")
_REGION = re.compile(r"[a-z]{2}(-[a-z0-9]+){2,4}")


@dataclass(frozen=True)
class Place:
    """An account and a Region; `home` says whether they are ours."""

    account: str
    region: str
    home: bool

    @property
    def key(self) -> str:
        """What sets the keys of another place apart: one event id or name may be in two."""
        return "" if self.home else f"{self.account}/{self.region}#"

    def instance(self, settings: Settings, name: str) -> str:
        """What an action takes for an instance: its id at home, its ARN elsewhere."""
        resource = f"instance/{name}"
        return name if self.home else settings.arn("ec2", resource, self.account, self.region)


def of(event: Event, settings: Settings) -> Place:
    """Where EventBridge says that an event is from; one that is no such event is from home.

    Raises BadRequest for an account or a Region that is none.
    """
    account = maybe(event, "account") or settings.account
    region = maybe(event, "region") or settings.region
    check(account, region, "account")
    return Place(account, region, sites.is_home(settings, account, region))


def check(account: str, region: str, named: str) -> None:
    """Raises BadRequest, with what the event calls it, for an account or a Region that is none."""
    if not _ACCOUNT.fullmatch(account) or not _REGION.fullmatch(region):
        raise BadRequest(malformed=named)


def admit(event: Event, settings: Settings, home_only: bool) -> None:
    """Raises Ignored for an event of an account that is not listed, and of what is home's own
    affair. The bus may let in a whole organisation; who is acted for is the deployer's list.
    """
    place = of(event, settings)
    if not place.home and place.account not in settings.member_accounts:
        raise Ignored("foreign-account")
    if not place.home and home_only:
        raise Ignored("not-at-home")
