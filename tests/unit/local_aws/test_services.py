"""Services are made once a region, and parts of one answer as one."""

from __future__ import annotations

import pytest

from local_aws.services import Parts, Services


class Closable:
    def __init__(self, region: str = "") -> None:
        self.region = region
        self.closed = False

    def close(self) -> None:
        self.closed = True


class Catalog(Closable):
    def get_table(self) -> str:
        return "table"


def test_a_service_is_made_once_a_region() -> None:
    services = Services({"glue": Closable})
    assert services.get("glue", "eu-west-1") is services.get("glue", "eu-west-1")
    assert services.get("glue", "us-east-1") is not services.get("glue", "eu-west-1")


def test_s3_is_one_for_all_regions() -> None:
    services = Services({"s3": Closable})
    assert services.get("s3", "eu-west-1") is services.get("s3", "us-east-1")


def test_closing_closes_what_was_made() -> None:
    services = Services({"glue": Closable})
    glue = services.get("glue", "eu-west-1")
    services.close()
    assert glue.closed


def test_parts_answer_with_the_part_that_has_the_operation() -> None:
    catalog, jobs = Catalog(), Closable()
    parts = Parts(jobs, catalog)
    assert parts.get_table() == "table"
    with pytest.raises(AttributeError, match="get_job"):
        parts.get_job()
    parts.close()
    assert catalog.closed
    assert jobs.closed
