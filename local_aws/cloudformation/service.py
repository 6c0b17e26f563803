"""CloudFormation of one region."""

from __future__ import annotations

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor

from local_aws.cloudformation.api.change_sets import ChangeSets
from local_aws.cloudformation.api.refused import Refused
from local_aws.cloudformation.api.stack_reads import StackReads
from local_aws.cloudformation.api.stacks import Stacks
from local_aws.cloudformation.api.templates import Templates
from local_aws.cloudformation.engine.clients import Clients
from local_aws.cloudformation.engine.context import Context
from local_aws.cloudformation.engine.runner import Runner
from local_aws.cloudformation.engine.store import Store
from local_aws.cloudformation.types import TYPES
from local_aws.cloudformation.types.base import ResourceType
from local_aws.identity.sessions import Sessions
from local_aws.services import Parts
from local_aws.settings import Settings

# Resources that are made at the same time; each is mostly a wait for this same process.
_WORKERS = 4


class CloudFormationService(Parts):
    """Every operation; operations that a stop has interrupted are taken up when this is made."""

    def __init__(
        self,
        settings: Settings,
        region: str,
        types: Mapping[str, ResourceType] = TYPES,
        *,
        sessions: Sessions,
    ) -> None:
        context = Context(
            store=Store(settings.state / "cloudformation" / f"{region}.sqlite"),
            types=types,
            client=Clients(settings, region, sessions),
            region=region,
            account_id=settings.account_id,
            pool=ThreadPoolExecutor(_WORKERS, thread_name_prefix="cloudformation"),
        )
        self.runner = Runner(context)
        super().__init__(
            Stacks(context, self.runner),
            StackReads(context),
            ChangeSets(context, self.runner),
            Templates(context),
            Refused(),
        )

    def under_way(self) -> list[str]:
        """The stack operations that run."""
        return self.runner.under_way()

    def close(self) -> None:
        """Let running operations stop; the next start takes them up."""
        self.runner.close()
