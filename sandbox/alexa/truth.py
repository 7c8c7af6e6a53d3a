"""What must be true in the box's AWS after each part of a story. Each check gives what is wrong."""

import json
from collections import Counter
from collections.abc import Callable

from sandbox.alexa.scene import (
    Scene,
    acl_rules,
    findings_of,
    fixable,
    groups_of,
    instance_of,
    loudest_source,
    members_of,
    patched_instances,
    plain,
    tag_of,
    was_said,
)

Wrong = list[str]


def assessment_told(scene: Scene, group: str) -> Wrong:
    """The report names the instances, and the critical and high findings that Inspector has."""
    severities = Counter(finding["severity"] for finding in findings_of(scene, group=group))
    expected = [len(members_of(scene, group)), severities["CRITICAL"], severities["HIGH"]]
    return [f"{n} was not said: {scene.said['speech']}" for n in expected if not was_said(scene, n)]


def assessment_done(scene: Scene, group: str) -> Wrong:
    """One scan, limited to the group's tag, has completed; no configuration is left behind."""
    inspector = scene.aws("inspector2")
    scans = inspector.list_cis_scans()["scans"]
    left = inspector.list_cis_scan_configurations()["scanConfigurations"]
    ended = [s for s in scans if s["status"] == "COMPLETED" and group in json.dumps(s["targets"])]
    wrong = [] if ended else [f"no completed CIS scan of {group}: {scans}"]
    return wrong + [f"scan configuration left behind: {row['scanName']}" for row in left]


def vulnerable_tagged(scene: Scene, group: str) -> Wrong:
    """Exactly the group's instances with critical or high findings carry the status."""
    worst = [f for f in findings_of(scene, group=group) if f["severity"] in ("CRITICAL", "HIGH")]
    expected = {finding["resources"][0]["id"] for finding in worst}
    members = members_of(scene, group)
    tagged = {one["InstanceId"] for one in members if tag_of(one, "TobanStatus") == "vulnerable"}
    return [f"tagged vulnerable: {tagged}, but it is {expected}"] if tagged != expected else []


def ticket_opened(scene: Scene, _: str) -> Wrong:
    """The run has one OpsItem."""
    status = {"Key": "Status", "Values": ["Open"], "Operator": "Equal"}
    items = scene.aws("ssm").describe_ops_items(OpsItemFilters=[status])["OpsItemSummaries"]
    return [] if len(items) == 1 else [f"{len(items)} open OpsItems instead of one"]


def findings_told(scene: Scene, severity: str) -> Wrong:
    """The total that was said is the number of open findings."""
    count = len(findings_of(scene, severity=severity))
    return [] if was_said(scene, count) else [f"{count} was not said: {scene.said['speech']}"]


def detail_told(scene: Scene, severity: str) -> Wrong:
    """The detail is about a package that has such a finding; of a jar one says the artifact."""
    heard = plain(scene.said["speech"])
    found = [f["packageVulnerabilityDetails"] for f in findings_of(scene, severity=severity)]
    names = [p["name"].rpartition(":")[2] for d in found for p in d["vulnerablePackages"]]
    packages = {plain(name) for name in names}
    return [] if any(p in heard for p in packages) else [f"no package was named: {heard}"]


def slack_told(scene: Scene, about: str) -> Wrong:
    """Slack has got something new, about this."""
    told = [row for row in scene.box.messages() if row["channel"] == "slack"]
    new = told[scene.notes.get("slack", 0) :]
    scene.notes["slack"] = len(told)
    named = any(plain(about) in plain(json.dumps(row["body"])) for row in new)
    return [] if named else [f"Slack heard nothing new about {about} ({len(new)} new messages)"]


def evidence_posted(scene: Scene, instance: str) -> Wrong:
    """Slack was told of the source that the flow logs show hammering the instance."""
    source = loudest_source(scene, instance)
    told = json.dumps([row["body"] for row in scene.box.messages() if row["channel"] == "slack"])
    return [] if source in told else [f"Slack was not told of {source}"]


def note_findings(scene: Scene, _: str) -> Wrong:
    """Remember what is open before patching."""
    scene.notes["open"] = len(findings_of(scene))
    return []


def patches_installed(scene: Scene, _: str) -> Wrong:
    """Run Command has installed patches somewhere."""
    return [] if patched_instances(scene) else ["AWS-RunPatchBaseline Install succeeded nowhere"]


def findings_closed(scene: Scene, _: str) -> Wrong:
    """Where patching succeeded, nothing is open that a system patch fixes."""
    patched, still = patched_instances(scene), findings_of(scene)
    left = [f for f in still if f["resources"][0]["id"] in patched and fixable(f)]
    wrong = [] if len(still) < scene.notes["open"] else ["patching closed no finding"]
    return wrong + [f"still open on {f['resources'][0]['id']}: {f['title']}" for f in left]


def named(scene: Scene, instance: str) -> Wrong:
    """The instance was spoken of."""
    heard = plain(scene.said["speech"])
    return [] if plain(instance) in heard else [f"{instance} was not named: {heard}"]


def note_network(scene: Scene, instance: str) -> Wrong:
    """Remember every interface's groups and every subnet's rules."""
    scene.notes[instance] = groups_of(scene, instance), acl_rules(scene, instance)
    return []


def isolated(scene: Scene, instance: str) -> Wrong:
    """Every interface is in a group of ours without rules, alone, and the tag says so."""
    one = instance_of(scene, instance)
    ours = [
        {"Name": "tag:TobanGroup", "Values": ["isolation"]},
        {"Name": "vpc-id", "Values": [one["VpcId"]]},
    ]
    groups = scene.aws("ec2").describe_security_groups(Filters=ours)["SecurityGroups"]
    closed = [g for g in groups if not g["IpPermissions"] and not g["IpPermissionsEgress"]]
    expected = [sorted(group["GroupId"] for group in closed)]
    held = groups_of(scene, instance)
    wrong = [f"{eni} is in {g}, not in {expected[0]}" for eni, g in held.items() if [g] != expected]
    status = tag_of(one, "TobanStatus")
    return wrong + ([] if status == "isolated" else [f"TobanStatus of {instance} is {status!r}"])


def network_restored(scene: Scene, instance: str) -> Wrong:
    """Every interface has exactly the groups that it had."""
    now, before = groups_of(scene, instance), scene.notes[instance][0]
    wrong = [] if now == before else [f"groups of {instance} are {now}, they were {before}"]
    status = tag_of(instance_of(scene, instance), "TobanStatus")
    return wrong + ([f"{instance} is still called isolated"] if status == "isolated" else [])


def blocked(scene: Scene, instance: str) -> Wrong:
    """The network ACLs of the instance's subnets deny the attacker, and nothing else is new."""
    new = acl_rules(scene, instance) - scene.notes[instance][1]
    source = loudest_source(scene, instance)
    denies = [rule for rule in new if rule[2] == "deny" and rule[3].split("/")[0] == source]
    return [] if denies and len(denies) == len(new) else [f"new rules are {sorted(new)}"]


def not_blocked(scene: Scene, instance: str) -> Wrong:
    """The network ACL is as it was."""
    now, before = acl_rules(scene, instance), scene.notes[instance][1]
    return [] if now == before else [f"rules differ: {sorted(now ^ before)}"]


CHECKS: dict[str, Callable[[Scene, str], Wrong]] = {
    check.__name__: check
    for check in (
        assessment_told,
        assessment_done,
        vulnerable_tagged,
        ticket_opened,
        findings_told,
        detail_told,
        slack_told,
        evidence_posted,
        note_findings,
        patches_installed,
        findings_closed,
        named,
        note_network,
        isolated,
        network_restored,
        blocked,
        not_blocked,
    )
}
