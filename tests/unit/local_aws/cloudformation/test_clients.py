from __future__ import annotations

from pathlib import Path

from local_aws.cloudformation.engine.clients import Clients
from local_aws.settings import Settings


def test_each_region_has_clients_of_its_own_of_every_service(tmp_path: Path) -> None:
    settings = Settings(state=tmp_path)
    for region in ("us-east-1", "eu-west-1"):
        clients = Clients(settings, region)
        for service in ("s3", "glue"):
            assert clients(service).meta.region_name == region
            assert clients(service) is clients(service)
