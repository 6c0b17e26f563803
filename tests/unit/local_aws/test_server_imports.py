"""The server holds no engine: what only queries, crawlers and tables need is loaded where they run."""

from __future__ import annotations

import subprocess
import sys

SERVER = "import local_aws.server, local_aws.athena, local_aws.glue.service, local_athena.service.api, sys; "
HEAVY = ("duckdb", "sqlglot", "pyarrow", "numpy", "pyiceberg", "shapely")


def test_the_server_loads_neither_engine_nor_parser() -> None:
    shown = f"print([name for name in {HEAVY} if name in sys.modules])"
    found = subprocess.run([sys.executable, "-c", SERVER + shown], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "[]"
