"""`Aws`: what an action is handed. Every adapter is made at first use."""

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor, wait
from functools import cached_property
from typing import TYPE_CHECKING, Any

from skill.aws.client import Clients
from skill.errors import Refused, TobanError
from skill.settings import Settings

if TYPE_CHECKING:
    from skill.aws.autoscaling import AutoScaling
    from skill.aws.balancers import Balancers
    from skill.aws.ec2 import Ec2
    from skill.aws.evidence import Evidence
    from skill.aws.functions import Functions
    from skill.aws.hosts import Hosts
    from skill.aws.iam import Iam
    from skill.aws.inspector import Inspector
    from skill.aws.lambda_ import Lambda
    from skill.aws.ledger import Ledger
    from skill.aws.logs import Logs
    from skill.aws.notices import Notices
    from skill.aws.queues import Queues
    from skill.aws.secrets import Secrets
    from skill.aws.ssm import Ssm
    from skill.aws.tracker import Tracker

# As many reads at once as a fleet's worth of 50-id pages needs: threads cost little, rounds cost
# 50 ms.
_POOL = ThreadPoolExecutor(max_workers=64, thread_name_prefix="aws")


class Aws:
    """One account and Region, with what the deployer set.

    What is Toban's own (ledger, workflow, notices, secrets, evidence) is at home wherever the rest
    is. `place` is its account and Region, nothing at home.
    """

    def __init__(
        self,
        settings: Settings,
        clients: Clients,
        home: "Aws | None" = None,
        place: tuple[str, ...] = (),
    ) -> None:
        self.settings = settings
        self.clients = clients
        self.home = home or self
        self.place = place
        self._elsewhere: dict[tuple[str, str], Aws] = {}
        self._watched: dict[str, Inspector] = {}

    def at(self, account: str, region: str = "") -> "Aws":
        """The same for another account or Region, through the member role there.

        Raises Refused for an account that the deployer did not list.
        """
        home = self.home
        place = (account or home.settings.account, region or home.settings.region)
        if place == (home.settings.account, home.settings.region):
            return home
        if place[0] not in home.settings.member_accounts:
            raise Refused(reason="foreign_account")
        if place not in home._elsewhere:
            home._elsewhere[place] = home._member(*place)
        return home._elsewhere[place]

    def of(self, facts: dict[str, Any]) -> "Aws":
        """Where what some facts are about is: their `site`, or home."""
        site = facts.get("site")
        return self.at(site["account"], site["region"]) if site else self.home

    @property
    def prefix(self) -> str:
        """What sets the names of things of another place apart; empty at home."""
        return f"{'/'.join(self.place)}#" if self.place else ""

    def watch(self, region: str = "") -> "Inspector":
        """Inspector as its delegated administrator sees it, which home is: in a Region all accounts
        at once, in this one unless another is named. Its reads need no role of theirs.
        """
        from skill.aws.inspector import Inspector

        home, region = self.home, region or "".join(self.place[1:])
        if region in ("", home.settings.region):
            return home.inspector
        if region not in home._watched:
            home._watched[region] = Inspector(Clients(home.clients.config, region))
        return home._watched[region]

    def _member(self, account: str, region: str) -> "Aws":
        from skill.aws.sts import credentials

        arn = f"arn:{self.settings.partition}:iam::{account}:role/{self.settings.member_role}"
        held = credentials(self.clients, arn, self.settings.member_external_id)
        return Aws(
            self.settings, Clients(self.clients.config, region, held), self, (account, region)
        )

    @cached_property
    def autoscaling(self) -> "AutoScaling":
        from skill.aws.autoscaling import AutoScaling

        return AutoScaling(self.clients)

    @cached_property
    def balancers(self) -> "Balancers":
        from skill.aws.balancers import Balancers

        return Balancers(self.clients)

    @cached_property
    def iam(self) -> "Iam":
        from skill.aws.iam import Iam

        return Iam(self.clients)

    @cached_property
    def functions(self) -> "Functions":
        from skill.aws.functions import Functions

        return Functions(self.clients)

    @cached_property
    def evidence(self) -> "Evidence":
        from skill.aws.evidence import Evidence

        return Evidence(self.home.clients, self.settings.evidence_bucket)

    @cached_property
    def ec2(self) -> "Ec2":
        from skill.aws.ec2 import Ec2

        return Ec2(self.clients)

    @cached_property
    def hosts(self) -> "Hosts":
        from skill.aws.hosts import Hosts

        return Hosts(self.clients)

    @cached_property
    def inspector(self) -> "Inspector":
        from skill.aws.inspector import Inspector

        return Inspector(self.clients)

    @cached_property
    def ssm(self) -> "Ssm":
        from skill.aws.ssm import Ssm

        return Ssm(self.clients)

    @cached_property
    def logs(self) -> "Logs":
        from skill.aws.logs import Logs

        return Logs(self.clients, self.settings.flow_log_group)

    @cached_property
    def ledger(self) -> "Ledger":
        from skill.aws.ledger import Ledger

        return Ledger(self.home.clients, self.settings.table)

    @cached_property
    def queues(self) -> "Queues":
        from skill.aws.queues import Queues

        return Queues(self.home.clients)

    @cached_property
    def lambda_(self) -> "Lambda":
        from skill.aws.lambda_ import Lambda

        return Lambda(self.home.clients)

    @cached_property
    def secrets(self) -> "Secrets":
        from skill.aws.secrets import Secrets

        return Secrets(self.home.clients)

    @cached_property
    def notices(self) -> "Notices":
        from skill.aws.notices import Notices

        return Notices(self.home.clients, self.settings.audit_topic, self.settings.slack_secret)

    @cached_property
    def tracker(self) -> "Tracker":
        from skill.aws.tracker import Tracker

        return Tracker(self.home.clients, self.settings.ticket_secret)

    def gather(self, *reads: Callable[[], Any]) -> Any:
        """The results of independent reads made at once, in order. The first error is raised.

        The calling thread takes the last one itself, so one read costs no thread.
        """
        futures = [_POOL.submit(read) for read in reads[:-1]]
        last = reads[-1]() if reads else None
        return [future.result() for future in futures] + ([last] if reads else [])

    def within(self, seconds: float, *reads: Callable[[], Any]) -> list[Any]:
        """The results of independent reads that are nice to have: None for each that failed or was
        not there in time. Such a read goes on, and nobody waits for it.
        """
        futures = [_POOL.submit(read) for read in reads]
        done, _ = wait(futures, seconds)
        return [_result(future) if future in done else None for future in futures]


def _result(done: "Future[Any]") -> Any:
    try:
        return done.result()
    except TobanError:
        return None
