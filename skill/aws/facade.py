"""`Aws`: what an action is handed. Every adapter is made at first use."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import cached_property
from typing import TYPE_CHECKING, Any

from skill.aws.client import Clients
from skill.settings import Settings

if TYPE_CHECKING:
    from skill.aws.ec2 import Ec2
    from skill.aws.inspector import Inspector
    from skill.aws.lambda_ import Lambda
    from skill.aws.ledger import Ledger
    from skill.aws.logs import Logs
    from skill.aws.notices import Notices
    from skill.aws.secrets import Secrets
    from skill.aws.ssm import Ssm

# As many reads at once as a fleet's worth of 50-id pages needs: threads cost little, rounds cost
# 50 ms.
_POOL = ThreadPoolExecutor(max_workers=64, thread_name_prefix="aws")


class Aws:
    """One account and Region, with what the deployer set."""

    def __init__(self, settings: Settings, clients: Clients) -> None:
        self.settings = settings
        self.clients = clients

    @cached_property
    def ec2(self) -> "Ec2":
        from skill.aws.ec2 import Ec2

        return Ec2(self.clients)

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

        return Ledger(self.clients, self.settings.table)

    @cached_property
    def lambda_(self) -> "Lambda":
        from skill.aws.lambda_ import Lambda

        return Lambda(self.clients)

    @cached_property
    def secrets(self) -> "Secrets":
        from skill.aws.secrets import Secrets

        return Secrets(self.clients)

    @cached_property
    def notices(self) -> "Notices":
        from skill.aws.notices import Notices

        return Notices(self.clients, self.settings.audit_topic, self.settings.slack_secret)

    def gather(self, *reads: Callable[[], Any]) -> Any:
        """The results of independent reads made at once, in order. The first error is raised.

        The calling thread takes the last one itself, so one read costs no thread.
        """
        futures = [_POOL.submit(read) for read in reads[:-1]]
        last = reads[-1]() if reads else None
        return [future.result() for future in futures] + ([last] if reads else [])
