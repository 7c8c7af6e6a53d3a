"""Gives one finding in detail: package, fixed version, instances hit, patch."""

from dataclasses import dataclass

from skill import sites
from skill.actions.findings import them
from skill.aws import Aws
from skill.aws.inspector import TITLE, Finding, Package
from skill.errors import BadRequest, NoMatch
from skill.model import Facts, Plan, Risk

RISK = Risk.READ
PERMISSIONS = {"plan": ("inspector2:ListFindings", "inspector2:ListFindingAggregations")}
# Patch Manager fixes what the operating system's package manager installed, nothing else (aws.md
# §2).
OS = "OS"
# For the eye; the ear gets four names.
SHOWN = 12


@dataclass(frozen=True)
class Params:
    """`cve`: the vulnerability's id, from the findings that were read before; `title`: of one that
    has no id.
    """

    cve: str = ""
    title: str = ""


def plan(params: Params, aws: Aws) -> Plan:
    cve, title = params.cve, params.title
    if not (cve or title):
        raise BadRequest(missing="finding")
    found, hits = aws.gather(
        lambda: aws.inspector.findings(cve=cve, title=title),
        lambda: aws.inspector.hits(cve, title),
    )
    if not found:
        raise NoMatch(heard=cve or title, nearest=[])
    facts = _facts(aws, found, max(hits, len(found)))
    facts |= {"sites": _sites(aws, found), "away": _away(aws, found[:SHOWN])}
    return Plan("finding_detail", facts=facts)


def _away(aws: Aws, found: list[Finding]) -> Facts:
    """Where those instances are that are not at home, by id."""
    rows = {one.instance: (one.account, one.region) for one in found}
    sited = {id_: sites.facts(aws.settings, *place) for id_, place in rows.items()}
    return {id_: one for id_, one in sited.items() if one}


def _sites(aws: Aws, found: list[Finding]) -> list[Facts]:
    """Where else than at home it was found: each account and Region once."""
    places = {(one.account, one.region) for one in found}
    rows = [sites.facts(aws.settings, *place).get("site") for place in sorted(places)]
    return [row for row in rows if row]


def _facts(aws: Aws, found: list[Finding], hits: int) -> Facts:
    one = found[0]
    package = _telling(one.packages)
    return {
        "cve": one.cve,
        "title": one.title[:TITLE],
        "network": one.network,
        "port": one.port,
        "severity": one.severity,
        "score": one.score,
        "package": package.name,
        "installed": package.installed,
        "fixed": package.fixed,
        "fix": _fix(one, package),
        "versions": len({_telling(each.packages).fixed for each in found}),
        "exploited": "available" if one.exploit else "no",
        "count": hits,
        "names": sorted({each.instance_name for each in found}),
        "instances": them(aws, found),
        "where": {each.instance: each.instance_name for each in found[:SHOWN]},
    }


def _telling(packages: tuple[Package, ...]) -> Package:
    """The package that has a fix, else the first."""
    fixed = [one for one in packages if one.fixed and one.fixed != "NotAvailable"]
    return (fixed or list(packages) or [Package("", "", "", "")])[0]


def _fix(one: Finding, package: Package) -> str:
    """patch: Patch Manager installs it; manual: a fix exists that it does not install; none."""
    if one.fix == "NO" or not package.fixed:
        return "none"
    return "patch" if package.manager == OS else "manual"
