"""Inspector2: CIS scan configurations and the scans that they start."""

from typing import Any

from moto.moto_api._internal import mock_random

from sandbox.clock import CLOCK
from sandbox.systems import cis, criteria
from sandbox.systems.operations import compact, page, serve
from sandbox.systems.wire import Refusal, ValidationError

Params = dict[str, Any]
_LIMIT = 500
_MAX_TAG_KEYS = 5


class QuotaExceeded(Refusal):
    """The account has as many scan configurations as it may."""

    code = "ServiceQuotaExceededException"
    resourceId = "cis-configuration"  # noqa: N815 (the member's name in the model)


def install() -> None:
    """Let moto answer these operations."""
    serve(
        "inspector2",
        {
            "CreateCisScanConfiguration": create_configuration,
            "UpdateCisScanConfiguration": update_configuration,
            "DeleteCisScanConfiguration": delete_configuration,
            "ListCisScanConfigurations": list_configurations,
            "ListCisScans": list_scans,
        },
    )


def _check(backend: Any, params: Params) -> None:
    schedule, targets = params.get("schedule"), params.get("targets", {})
    if schedule is not None and len(schedule) != 1:
        raise ValidationError("schedule must be exactly one of oneTime, daily, weekly, monthly")
    tags = targets.get("targetResourceTags")
    if tags is not None and not 1 <= len(tags) <= _MAX_TAG_KEYS:
        raise ValidationError(f"targetResourceTags must have 1 to {_MAX_TAG_KEYS} keys")
    mine = {backend.account_id, "SELF", "ALL_ACCOUNTS"}
    if not set(targets.get("accountIds", ())) <= mine:
        raise Refusal("AccessDeniedException", "Not the administrator of these accounts")


def create_configuration(backend: Any, params: Params) -> Params:
    """Keep a configuration; a one-time one starts its scan right away."""
    _check(backend, params)
    held = cis.configurations(backend)
    if len(held) >= _LIMIT:
        raise QuotaExceeded(f"You have reached the limit of {_LIMIT} CIS scan configurations")
    account = backend.account_id
    owner = f"arn:aws:inspector2:{backend.region_name}:{account}:owner/{account}"
    arn = f"{owner}/cis-configuration/{mock_random.uuid4()}"
    held[arn] = (
        {"scanConfigurationArn": arn, "ownerId": account} | params | _resolved(backend, params)
    )
    if "oneTime" in params["schedule"]:
        _start(backend, held[arn])
    return {"scanConfigurationArn": arn}


def _resolved(backend: Any, params: Params) -> Params:
    """Targets as they are answered: with account ids in the place of SELF."""
    targets = params.get("targets")
    return {"targets": targets | {"accountIds": [backend.account_id]}} if targets else {}


def _start(backend: Any, held: Params) -> None:
    account = backend.account_id
    owner = f"arn:aws:inspector2:{backend.region_name}:{account}:owner/{account}"
    scan = cis.Scan(
        arn=f"{owner}/cis-scan/{mock_random.uuid4()}",
        configuration_arn=held["scanConfigurationArn"],
        name=held["scanName"],
        level=held["securityLevel"],
        targets=held["targets"],
        started=CLOCK.now().timestamp(),
    )
    cis.start(backend, scan)


def _held(backend: Any, params: Params) -> Params:
    held = cis.configurations(backend).get(params["scanConfigurationArn"])
    if held is None:
        raise Refusal("ResourceNotFoundException", "CIS scan configuration not found")
    return held


def update_configuration(backend: Any, params: Params) -> Params:
    """Change a configuration; given a one-time schedule, it scans again."""
    held = _held(backend, params)
    _check(backend, params)
    held |= params | _resolved(backend, params)
    if "oneTime" in params.get("schedule", {}):
        _start(backend, held)
    return {"scanConfigurationArn": params["scanConfigurationArn"]}


def delete_configuration(backend: Any, params: Params) -> Params:
    """Drop a configuration; its scans go on and stay listed."""
    arn = _held(backend, params)["scanConfigurationArn"]
    del cis.configurations(backend)[arn]
    return {"scanConfigurationArn": arn}


def _member(name: str) -> criteria.Getter:
    return lambda row: (row.get(name),)


def _tags(row: Params) -> list[dict[str, str]]:
    """The target tags of a row, one map per value."""
    tags = row["targets"]["targetResourceTags"]
    return [{key: value} for key, values in tags.items() for value in values]


_FIELDS: dict[str, criteria.Getter] = {
    "scanNameFilters": _member("scanName"),
    "scanConfigurationArnFilters": _member("scanConfigurationArn"),
    "targetResourceTagFilters": _tags,
    "scanStatusFilters": _member("status"),
    "scanArnFilters": _member("scanArn"),
    "scanAtFilters": _member("scanDate"),
    "scheduledByFilters": _member("scheduledBy"),
    "failedChecksFilters": _member("failedChecks"),
    "targetAccountIdFilters": lambda row: row["targets"]["accountIds"],
    "targetResourceIdFilters": lambda row: row["instances"],
}
_ORDERS = {
    "SCAN_NAME": "scanName",
    "SCAN_CONFIGURATION_ARN": "scanConfigurationArn",
    "STATUS": "status",
    "SCHEDULED_BY": "scheduledBy",
    "SCAN_START_DATE": "scanDate",
    "FAILED_CHECKS": "failedChecks",
}


def _arranged(params: Params, rows: list[Params], fallback: str) -> list[Params]:
    meets = criteria.test(params.get("filterCriteria", {}), _FIELDS)
    field = _ORDERS[params.get("sortBy", fallback)]
    backwards = params.get("sortOrder", "DESC") == "DESC"
    return sorted(filter(meets, rows), key=lambda row: row.get(field, 0), reverse=backwards)


def list_configurations(backend: Any, params: Params) -> Params:
    """The configurations that meet the filters."""
    rows = _arranged(params, list(cis.configurations(backend).values()), "SCAN_NAME")
    rows, token = page("inspector2", params, rows, 100)
    return compact(scanConfigurations=rows, nextToken=token)


def list_scans(backend: Any, params: Params) -> Params:
    """The scans that meet the filters, newest first; counts come once a scan has ended."""
    found = [_row(backend, scan) for scan in cis.scans(backend).values()]
    rows, token = page("inspector2", params, _arranged(params, found, "SCAN_START_DATE"), 50)
    return compact(scans=[_shown(row) for row in rows], nextToken=token)


def _row(backend: Any, scan: cis.Scan) -> Params:
    done = scan.status == "COMPLETED"
    row = {
        "scanArn": scan.arn,
        "scanConfigurationArn": scan.configuration_arn,
        "status": scan.status,
        "scanName": scan.name,
        "scanDate": scan.started,
        "targets": scan.targets,
        "scheduledBy": backend.account_id,
        "securityLevel": scan.level,
        "instances": [each.instance_id for each in scan.results],
    }
    return row | ({"failedChecks": scan.failed, "totalChecks": scan.total} if done else {})


def _shown(row: Params) -> Params:
    return {name: value for name, value in row.items() if name != "instances"}
