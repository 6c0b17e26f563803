"""docs/support/operations.md, made from the services: it names every operation, there or absent.

`python -m local_aws.operations_page > docs/support/operations.md` writes it; a test keeps it true. What an
operation leaves out stands in the page of its service.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path
from typing import Any

from botocore import xform_name
from botocore.session import get_session

from local_aws.server import Server
from local_aws.services import Services
from local_aws.settings import Settings

PAGES = {
    "s3": ("S3", "s3.md"),
    "glue": ("Glue", "glue-catalog.md"),
    "athena": ("Athena", "athena-api.md"),
    "cloudformation": ("CloudFormation", "cloudformation.md"),
}


def page(services: Services, region: str) -> str:
    """The page as Markdown: for each service of ours the operations it has and those it has not."""
    lines = [
        "# Operations: what is there",
        "",
        "Written by `python -m local_aws.operations_page`; a test compares it with the code. An absent",
        "operation fails and names itself. What one that is there leaves out, its service's page says.",
        "The operations are those of the pinned botocore.",
    ]
    for name, (title, link) in PAGES.items():
        there, absent = operations(name, services.get(name, region))
        lines += ["", f"## [{title}]({link})", "", f"{len(there)} of {len(there) + len(absent)} operations."]
        lines += ["", "| state | operations |", "| --- | --- |", f"| there | {', '.join(there)} |"]
        if absent:
            lines.append(f"| absent | {', '.join(absent)} |")
    return "\n".join(lines) + "\n"


def operations(name: str, service: Any) -> tuple[list[str], list[str]]:
    """The operations of botocore's model that a service has a method for, and the others."""
    names = get_session().get_service_model(name).operation_names
    there = [each for each in names if _answers(getattr(service, xform_name(each), None))]
    return there, [each for each in names if each not in there]


def _answers(method: Any) -> bool:
    """Whether it is more than a refusal; those stand in modules of that name."""
    return method is not None and not method.__module__.endswith(".refused")


def main() -> None:
    """Print the page."""
    with tempfile.TemporaryDirectory() as folder:
        server = Server(Settings(state=Path(folder), warm_spark=False))
        try:
            sys.stdout.write(page(server.services, server.settings.region))
        finally:
            server.close()


if __name__ == "__main__":
    main()
