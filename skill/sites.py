"""Where something is, if not at home: facts that sentences name."""

from skill.entity import Entity
from skill.model import Facts
from skill.settings import Settings


def facts(settings: Settings, account: str = "", region: str = "") -> Facts:
    """{"site": {"account", "region", "name"}}, nothing of what is at home.

    `region` is empty for what IAM holds; the site's account is empty where only the Region is
    another, and its name where the deployer gave none.
    """
    account = account or settings.account
    if is_home(settings, account, region):
        return {}
    away = "" if account == settings.account else account
    named = settings.account_names.get(account, "") if away else ""
    return {"site": {"account": away, "region": region, "name": named}}


def is_home(settings: Settings, account: str, region: str = "") -> bool:
    return account == settings.account and region in ("", settings.region)


def of(settings: Settings, one: Entity) -> Facts:
    """The same for an entity."""
    return facts(settings, one.account, one.region)


def written(settings: Settings, account: str, region: str) -> str:
    """An account and a Region for the eye: the account's name and its whole id."""
    name = settings.account_names.get(account, "")
    return f"{name} ({account}) {region}" if name else f"{account} {region}"
