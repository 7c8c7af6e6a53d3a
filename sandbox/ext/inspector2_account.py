"""Inspector2: GetConfiguration and BatchGetAccountStatus of an account that scans EC2 and
Lambda.
"""

from typing import Any

from sandbox.systems.operations import serve


def install() -> None:
    """Let moto answer these operations."""
    serve(
        "inspector2",
        {"GetConfiguration": get_configuration, "BatchGetAccountStatus": batch_get_account_status},
    )


def get_configuration(backend: Any, params: dict[str, Any]) -> dict[str, Any]:
    """Hybrid scanning with the enhanced scanner on."""
    return {
        "ec2Configuration": {
            "scanModeState": {"scanMode": "EC2_HYBRID", "scanModeStatus": "SUCCESS"},
            "vmScannerState": {"activated": True, "status": "SUCCESS"},
        }
    }


def batch_get_account_status(backend: Any, params: dict[str, Any]) -> dict[str, Any]:
    """Status per account; scanning is on unless Disable switched it off."""
    wanted = params.get("accountIds") or [backend.account_id]
    mine = [account for account in wanted if account == backend.account_id]
    return {
        "accounts": [_status(backend, account) for account in mine],
        "failedAccounts": [_refused(account) for account in wanted if account not in mine],
    }


def _status(backend: Any, account: str) -> dict[str, Any]:
    known = backend.account_status.get(account)
    told = known.to_batch_json()["resourceState"] if known else {}
    state = {
        name: _state(told.get(name, {}).get("status", fallback))
        for name, fallback in _FALLBACKS.items()
    }
    enabled = any(each["status"] == "ENABLED" for each in state.values())
    overall = _state("ENABLED" if enabled else "DISABLED")
    return {"accountId": account, "state": overall, "resourceState": state}


_FALLBACKS = {"ec2": "ENABLED", "ecr": "DISABLED", "lambda": "ENABLED", "lambdaCode": "DISABLED"}


def _state(status: str) -> dict[str, str]:
    # The model requires code and message even of a healthy state; the service leaves them empty.
    return {"status": status, "errorCode": "", "errorMessage": ""}


def _refused(account: str) -> dict[str, str]:
    return {
        "accountId": account,
        "errorCode": "ACCESS_DENIED",
        "errorMessage": f"Account {account} is not a member of this organization",
    }
