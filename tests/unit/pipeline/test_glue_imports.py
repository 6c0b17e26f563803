"""What a job imports must be there on Glue 5.1, which nothing local can show: here more is installed.

Glue 5.1 has Python 3.11 and Spark 3.5.6; of the other modules that it provides the jobs may have those named
here. Checked 2026-11-21:
https://docs.aws.amazon.com/glue/latest/dg/release-notes.html
https://docs.aws.amazon.com/glue/latest/dg/aws-glue-programming-python-libraries.html
"""

from __future__ import annotations

import ast
import io
import sys
import zipfile
from pathlib import Path

import pytest

from laguna.deployment.code import package_code

ROOT = Path(__file__).parents[3]
PROVIDED = frozenset({"awsglue", "boto3", "botocore", "pyspark"})
SOURCES = {
    name: source
    for key, content in package_code(ROOT / "pipeline").objects.items()
    for name, source in (
        {key: content}
        if key.endswith(".py")
        else {
            info.filename: zipfile.ZipFile(io.BytesIO(content)).read(info)
            for info in zipfile.ZipFile(io.BytesIO(content)).infolist()
        }
    ).items()
    if name.endswith(".py")
}


def imported(source: bytes) -> set[str]:
    names: set[str] = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert not node.level, "relative imports do not work in a job's script"
            names |= {f"{node.module}.{alias.name}" for alias in node.names}
    return names


@pytest.mark.parametrize("name", sorted(SOURCES))
def test_a_job_imports_only_what_glue_has_and_what_is_uploaded(name: str) -> None:
    for module in imported(SOURCES[name]):
        package = module.partition(".")[0]
        if package == "pipeline":
            path = module.replace(".", "/")
            homes = {f"{path}.py", f"{path}/__init__.py", f"{path.rpartition('/')[0]}.py"}
            assert homes & SOURCES.keys(), f"{module} is not uploaded"
        else:
            assert package in PROVIDED | sys.stdlib_module_names, module


def test_every_job_and_what_it_loads_is_uploaded() -> None:
    assert {"pipeline/loading/load.py", "pipeline/transforms/clientes.py"} <= SOURCES.keys()
    assert sum(name.startswith("scripts/") for name in SOURCES) == 1


def test_nothing_that_deploys_is_uploaded() -> None:
    assert not [name for name in SOURCES if "profiles" in name or "/cli/" in name or "/deployment/" in name]
