"""What is refused before anything is looked at."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest

from local_aws.errors import AwsError
from local_aws.gateway.traffic import Traffic
from local_aws.moto_host import MotoHost
from local_aws.services import Parts, Services
from local_aws.settings import Settings
from local_aws.snapshots.snapshots import Snapshots


class Busy:
    """A service with something under way."""

    def under_way(self) -> list[str]:
        return ["Glue job run clean-orders jr_1"]


def snapshots_of(settings: Settings, **services: Any) -> Snapshots:
    made = Services({name: (lambda region, service=service: service) for name, service in services.items()})
    for name in services:
        made.get(name, "us-east-1")
    return Snapshots(settings, made, MotoHost(settings), Traffic(), lambda: None, lambda: None)


def test_objects_that_localstack_keeps_are_not_ours_to_save(tmp_path: Path) -> None:
    snapshots = snapshots_of(Settings(state=tmp_path, s3="localstack"))
    for act in (snapshots.save, snapshots.load):
        with pytest.raises(AwsError, match="keeps them in LocalStack; use the profile 'local'"):
            asyncio.run(act("loaded", 0))


def test_an_unknown_snapshot_is_refused_before_anything_is_waited_for(tmp_path: Path) -> None:
    snapshots = snapshots_of(Settings(state=tmp_path), glue=Busy())
    with pytest.raises(AwsError, match="There is no snapshot 'loaded'; there are: none"):
        asyncio.run(snapshots.load("loaded", 60))


def test_what_parts_of_a_service_do_is_under_way(tmp_path: Path) -> None:
    services = Services({"glue": lambda region: Parts(object(), Busy())})
    services.get("glue", "us-east-1")
    assert services.under_way() == ["Glue job run clean-orders jr_1"]


def test_the_services_of_a_region_are_closed_and_made_anew() -> None:
    closed: list[str] = []

    class Service:
        def __init__(self, region: str) -> None:
            self.region = region

        def close(self) -> None:
            closed.append(self.region)

    services = Services({"glue": Service})
    here, there = services.get("glue", "us-east-1"), services.get("glue", "eu-west-1")
    services.forget("eu-west-1")
    assert closed == ["eu-west-1"]
    assert services.get("glue", "us-east-1") is here
    assert services.get("glue", "eu-west-1") is not there
