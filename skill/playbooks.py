"""Which page of docs/playbooks/ a person opens for what: one row each."""

PAGES = {
    "kev": "known-exploited.md",
    "package": "package-with-fix.md",
    "manual": "package-by-hand.md",
    "no_fix": "package-without-fix.md",
    "network": "network-reachability.md",
    "elsewhere": "not-an-instance.md",
    "guardduty-instance": "guardduty-instance.md",
    "guardduty-credentials": "guardduty-credentials.md",
    "drift": "containment-drift.md",
    "dead-letters": "dead-letters.md",
}
FOLDER = "docs/playbooks"
INSTANCE = "AWS_EC2_INSTANCE"
# Patch Manager installs what the operating system's package manager knows, and nothing else.
SYSTEM = "OS"


def of_finding(
    kind: str, resource: str, exploited: bool, fix: bool, managers: frozenset[str]
) -> str:
    """The row for one of Inspector's findings: its type, the type of its resource, whether it is
    known to be exploited, whether a fix exists, and the package managers of what is vulnerable.
    """
    if resource != INSTANCE:
        return "elsewhere"
    if kind == "NETWORK_REACHABILITY":
        return "network"
    if exploited:
        return "kev"
    if not fix:
        return "no_fix"
    return "package" if managers <= {SYSTEM} else "manual"


def address(base: str, row: str) -> str:
    """Where the page is: under the operator's own address, or its path in the repository."""
    return f"{base or FOLDER}/{PAGES[row]}"
