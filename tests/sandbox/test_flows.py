"""Flow logs: a reproducible history, and live flows that follow the network as it is."""

import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from moto.logs.models import logs_backends

from sandbox.clock import CLOCK
from sandbox.network import flows
from tests.sandbox.ec2_world import ACCOUNT, REGION, World, client, open_world

ATTACKER = "198.51.100.77"
DOCUMENT = {
    "traffic": {
        "attackers": [{"source": ATTACKER, "target": "batch-3", "ports": [22, 8080], "flows": 800}]
    }
}


@dataclass(frozen=True)
class Scene:
    """Instances, and the one that is attacked."""

    world: World
    logs: Any
    target: str

    @property
    def eni(self) -> str:
        return self.world.eni_of(self.target)

    def lines(self, since: float = 0) -> list[list[str]]:
        """Records of the target's interface, as fields."""
        found = self.logs.filter_log_events(
            logGroupName=flows.GROUP,
            logStreamNames=[f"{self.eni}-all"],
            startTime=int(since * 1000),
            limit=10000,
        )
        return [event["message"].split() for event in found["events"]]

    def skip(self, seconds: int) -> None:
        CLOCK.arm(CLOCK.now() + timedelta(seconds=seconds))

    def isolate(self, *groups: str) -> None:
        self.world.ec2.modify_network_interface_attribute(
            NetworkInterfaceId=self.eni, Groups=list(groups)
        )


@pytest.fixture
def scene() -> Iterator[Scene]:
    CLOCK.reset(real_time=False)
    with open_world() as world:
        open_group, closed = world.group("app"), world.group("closed")
        everybody = [{"CidrIp": "0.0.0.0/0"}]
        rule = {"IpProtocol": "tcp", "FromPort": 8080, "ToPort": 8080, "IpRanges": everybody}
        world.ec2.authorize_security_group_ingress(GroupId=open_group, IpPermissions=[rule])
        egress = [{"IpProtocol": "-1", "IpRanges": everybody}]
        world.ec2.revoke_security_group_egress(GroupId=closed, IpPermissions=egress)
        world.launch(name="web-1", SecurityGroupIds=[open_group])
        [target] = world.launch(name="batch-3", SecurityGroupIds=[open_group])
        yield Scene(world, client("logs"), target)
    CLOCK.reset(real_time=False)


def closed_group(scene: Scene) -> str:
    filters = [{"Name": "group-name", "Values": ["closed"]}]
    found = scene.world.ec2.describe_security_groups(Filters=filters)["SecurityGroups"]
    return str(found[0]["GroupId"])


def test_three_days_with_an_attacker(scene: Scene) -> None:
    count = flows.seed(DOCUMENT)
    lines = scene.lines()
    assert 1500 < count < 30_000
    from_attacker = Counter(fields[12] for fields in lines if fields[3] == ATTACKER)
    assert sum(from_attacker.values()) == 800
    assert from_attacker["REJECT"] > 4 * from_attacker["ACCEPT"] > 0
    starts = [int(fields[10]) for fields in lines]
    assert max(starts) <= time.time() and max(starts) - min(starts) > 2.9 * 86400
    assert all(flows.check(" ".join(fields)) for fields in lines)
    assert any(fields[12] == "ACCEPT" and fields[3] != ATTACKER for fields in lines)


def test_history_is_reproducible(scene: Scene) -> None:
    flows.seed(DOCUMENT, seed=7)
    first = scene.lines()
    logs_backends[ACCOUNT][REGION].delete_log_group(flows.GROUP)
    flows.seed(DOCUMENT, seed=7)
    second = scene.lines()
    without_times = [[fields[:10] + fields[12:] for fields in each] for each in (first, second)]
    assert without_times[0] == without_times[1]


def test_seeding_grows_slower_than_the_fleet(scene: Scene) -> None:
    scene.world.launch(count=300, name="web-2")
    document = {
        "traffic": {**DOCUMENT["traffic"], "attackers": [{"source": ATTACKER, "target": "batch-3"}]}
    }
    assert flows.seed(document) < 40_000


def test_isolation_ends_accepted_flows(scene: Scene) -> None:
    flows.seed(DOCUMENT)
    scene.skip(300)
    assert any(fields[12] == "ACCEPT" for fields in scene.lines(time.time() - 60))
    scene.isolate(closed_group(scene))
    moment = time.time()
    scene.skip(600)
    after = [fields for fields in scene.lines() if int(fields[10]) >= int(moment)]
    assert after == []  # nothing is recorded ahead of the clock
    time.sleep(1.2)
    scene.skip(600)
    after = scene.lines(int(moment))
    assert after and {fields[12] for fields in after} == {"REJECT"}
    assert {fields[3] for fields in after} == {ATTACKER}


def test_a_network_acl_entry_blocks_the_attacker(scene: Scene) -> None:
    flows.seed(DOCUMENT)
    ec2 = scene.world.ec2
    acl = ec2.describe_network_acls(
        Filters=[{"Name": "association.subnet-id", "Values": [scene.world.subnet]}]
    )["NetworkAcls"][0]["NetworkAclId"]
    ec2.create_network_acl_entry(
        NetworkAclId=acl,
        RuleNumber=1,
        Protocol="-1",
        RuleAction="deny",
        Egress=False,
        CidrBlock=f"{ATTACKER}/32",
    )
    moment = time.time()
    time.sleep(1.2)
    scene.skip(900)
    after = [fields for fields in scene.lines(int(moment)) if fields[3] == ATTACKER]
    assert after and {fields[12] for fields in after} == {"REJECT"}


def test_a_long_skip_stays_small(scene: Scene) -> None:
    flows.seed(DOCUMENT)
    before = len(scene.lines())
    scene.skip(86_400)
    assert 0 < len(scene.lines()) - before < 3000


def test_put_adds_lines_or_names_the_wrong_one(scene: Scene) -> None:
    now = int(time.time()) - 60
    good = f"2 {ACCOUNT} {scene.eni} 192.0.2.9 10.9.0.5 4000 22 6 3 132 {now} {now + 30} REJECT OK"
    assert (
        flows.put([good, f"2 {ACCOUNT} {scene.eni} - - - - - - - {now} {now + 60} - NODATA"]) == 2
    )
    assert good.split() in scene.lines()
    for wrong in ("", good[2:], good.replace("REJECT", "DROP"), good.replace("192.0.2.9", "x")):
        with pytest.raises(ValueError, match="line 2"):
            flows.put([good, wrong])
    assert len(scene.lines()) == 2


def test_stopped_instances_are_silent(scene: Scene) -> None:
    flows.seed(DOCUMENT)
    scene.world.ec2.stop_instances(InstanceIds=[scene.target])
    count = len(scene.lines())
    scene.skip(600)
    assert len(scene.lines()) == count
