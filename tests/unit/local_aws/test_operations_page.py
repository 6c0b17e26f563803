"""docs/support/operations.md names the operations that the services have."""

from __future__ import annotations

from pathlib import Path

from local_aws.operations_page import operations, page
from local_aws.server import Server
from local_aws.settings import Settings

WRITTEN = Path(__file__).parents[3] / "docs" / "support" / "operations.md"


def test_the_page_of_operations_is_what_the_services_have(tmp_path: Path) -> None:
    server = Server(Settings(state=tmp_path, warm_spark=False))
    try:
        assert page(server.services, server.settings.region) == WRITTEN.read_text(encoding="utf-8")
    finally:
        server.close()


def test_an_operation_without_a_method_is_absent() -> None:
    class Service:
        def get_work_group(self) -> None: ...

    there, absent = operations("athena", Service())
    assert there == ["GetWorkGroup"]
    assert "StartQueryExecution" in absent
