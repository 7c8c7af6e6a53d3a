"""Reserved and provisioned concurrency: an account has 1000, of which 100 must stay unreserved.

Not documented: that reserved concurrency (0 too) cannot be put below what is provisioned; the
wording is from people who met it. Guessed: provisioned concurrency is ready at the first look.
"""

from datetime import UTC, datetime
from typing import Any

from .functions_base import Params, arn, fail, find_any, find_whole, page, serve, split

LIMIT, UNRESERVED = 1000, 100


def _free(backend: Any, but: str = "") -> int:
    """What of the account is not reserved, leaving one function out."""
    taken = (
        each.reserved_concurrency or 0
        for each in backend.list_functions()
        if each.function_name != but
    )
    return LIMIT - sum(taken)


def _provisioned(backend: Any) -> dict[tuple[str, str], Params]:
    found: dict[tuple[str, str], Params] = backend.__dict__.setdefault("ext_provisioned", {})
    return found


def _sum(backend: Any, name: str) -> int:
    rows = _provisioned(backend).items()
    return sum(row["wanted"] for (owner, _), row in rows if owner == name)


def put_function_concurrency(backend: Any, params: Params) -> Params:
    """Reserve concurrency for a function; 0 stops it."""
    function, wanted = find_whole(backend, params), params["ReservedConcurrentExecutions"]
    if _free(backend, function.function_name) - wanted < UNRESERVED:
        fail(
            "InvalidParameterValueException",
            "Specified ReservedConcurrentExecutions for function decreases account's"
            f" UnreservedConcurrentExecution below its minimum value of [{UNRESERVED}].",
        )
    if (provisioned := _sum(backend, function.function_name)) > wanted:
        text = f" ReservedConcurrentExecutions  {wanted} should not be lower than function's total"
        fail("InvalidParameterValueException", f"{text} provisioned concurrency [{provisioned}].")
    function.reserved_concurrency = wanted
    return {"ReservedConcurrentExecutions": wanted}


def get_function_concurrency(backend: Any, params: Params) -> Params:
    """What is reserved; nothing at all if nothing is."""
    reserved = find_whole(backend, params).reserved_concurrency
    return {} if reserved is None else {"ReservedConcurrentExecutions": reserved}


def delete_function_concurrency(backend: Any, params: Params) -> None:
    """Give the reservation back; without one it is no error."""
    find_whole(backend, params).reserved_concurrency = None


def get_account_settings(backend: Any, params: Params) -> Params:
    """Limits and use of the account."""
    functions = list(backend.list_functions())
    limit = {
        "TotalCodeSize": 80530636800,
        "CodeSizeUnzipped": 262144000,
        "CodeSizeZipped": 52428800,
        "ConcurrentExecutions": LIMIT,
        "UnreservedConcurrentExecutions": _free(backend),
    }
    size = sum(each.code_size for each in functions)
    usage = {"TotalCodeSize": size, "FunctionCount": len(functions)}
    return {"AccountLimit": limit, "AccountUsage": usage}


def _published(backend: Any, params: Params) -> tuple[str, str]:
    """Name and qualifier of a version or alias that is there."""
    name, qualifier = split(backend, params["FunctionName"], params.get("Qualifier"))
    if qualifier in (None, "$LATEST"):
        text = "The function resource provided must be an alias or a published version."
        fail("InvalidParameterValueException", text)
    backend._lambdas.get_function_by_name_with_qualifier(name, qualifier)
    return name, str(qualifier)


def _shown(row: Params, status: str = "READY") -> Params:
    there = row["wanted"] if status == "READY" else 0
    return {
        "RequestedProvisionedConcurrentExecutions": row["wanted"],
        "AvailableProvisionedConcurrentExecutions": there,
        "AllocatedProvisionedConcurrentExecutions": there,
        "Status": status,
        "LastModified": row["at"],
    }


def put_provisioned_concurrency_config(backend: Any, params: Params) -> Params:
    """Keep instances of a version or an alias ready."""
    key, wanted = _published(backend, params), params["ProvisionedConcurrentExecutions"]
    before = _provisioned(backend).get(key, {"wanted": 0})["wanted"]
    total = _sum(backend, key[0]) - before + wanted
    reserved = backend._lambdas.get_function_by_name_with_qualifier(key[0]).reserved_concurrency
    if reserved is not None and total > reserved:
        text = "Requested Provisioned Concurrency should not be greater than the"
        fail("InvalidParameterValueException", f"{text} reservedConcurrentExecution for function")
    if reserved is None and total > (free := _free(backend) - UNRESERVED):
        text = "Specified ConcurrentExecutions for function is greater than account's unreserved"
        fail("InvalidParameterValueException", f"{text} concurrency [{free}].")
    now = f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%S+0000}"
    row = _provisioned(backend)[key] = {"wanted": wanted, "at": now}
    return _shown(row, "IN_PROGRESS")


def get_provisioned_concurrency_config(backend: Any, params: Params) -> Params:
    """What is kept ready of a version or an alias."""
    row = _provisioned(backend).get(_published(backend, params))
    if row is None:
        text = "No Provisioned Concurrency Config found for this function"
        fail("ProvisionedConcurrencyConfigNotFoundException", text)
    return _shown(row)


def list_provisioned_concurrency_configs(backend: Any, params: Params) -> Params:
    """A page of what is kept ready of a function."""
    _, name, _ = find_any(backend, params)
    rows = [
        {"FunctionArn": arn(backend, name, qualifier)} | _shown(row)
        for (owner, qualifier), row in _provisioned(backend).items()
        if owner == name
    ]
    return page(params, "ProvisionedConcurrencyConfigs", rows)


def delete_provisioned_concurrency_config(backend: Any, params: Params) -> None:
    """Keep nothing ready any more; nothing to delete is no error."""
    _provisioned(backend).pop(_published(backend, params), None)


def install() -> None:
    """Put the strict operations in place of moto's, and those that it lacks."""
    serve(
        {
            "PutFunctionConcurrency": put_function_concurrency,
            "GetFunctionConcurrency": get_function_concurrency,
            "DeleteFunctionConcurrency": delete_function_concurrency,
            "GetAccountSettings": get_account_settings,
            "PutProvisionedConcurrencyConfig": put_provisioned_concurrency_config,
            "GetProvisionedConcurrencyConfig": get_provisioned_concurrency_config,
            "ListProvisionedConcurrencyConfigs": list_provisioned_concurrency_configs,
            "DeleteProvisionedConcurrencyConfig": delete_provisioned_concurrency_config,
        }
    )
