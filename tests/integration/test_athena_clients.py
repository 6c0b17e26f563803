"""Athena's clients, unmodified and in an environment of their own: PyAthena, awswrangler, dbt-athena."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import uuid
from pathlib import Path
from urllib.parse import urlencode

import pytest

from tests.conftest import REGION, LocalAws

pytestmark = [pytest.mark.extended, pytest.mark.timeout(1200)]

CLIENTS = Path(__file__).parents[1] / "clients"


@pytest.fixture(scope="module")
def python(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A Python with the clients' packages, which would not fit among ours."""
    folder = tmp_path_factory.mktemp("clients") / "venv"
    requirements = CLIENTS / "requirements.txt"
    made = folder / "bin" / "python"
    if shutil.which("uv"):
        subprocess.run(["uv", "venv", "--quiet", "--python", sys.executable, folder], check=True)
        install = ["uv", "pip", "install", "--quiet", "--python", made]
    else:
        subprocess.run([sys.executable, "-m", "venv", folder], check=True)
        install = [made, "-m", "pip", "install", "--quiet"]
    subprocess.run([*install, "-r", requirements], check=True)
    return made


@pytest.mark.parametrize("client", ["test_pyathena.py", "test_awswrangler.py", "test_dbt.py"])
def test_a_client_works_unmodified(aws: LocalAws, python: Path, client: str) -> None:
    run(aws, python, client)


def test_pyathenas_dialect_passes_sqlalchemys_own_suite(aws: LocalAws, python: Path) -> None:
    bucket = f"alchemy-{uuid.uuid4().hex[:8]}"
    aws.client("s3").create_bucket(Bucket=bucket)
    glue = aws.client("glue")
    for name in ("alchemy", "test_schema"):
        glue.create_database(DatabaseInput={"Name": name})
    options = urlencode(
        {
            "s3_staging_dir": f"s3://{bucket}/results/",
            "location": f"s3://{bucket}/",
            "poll_interval": "0.05",
            "tblproperties": "'table_type'='ICEBERG'",
        }
    )
    url = f"awsathena+rest://:@athena.{REGION}.amazonaws.com:443/alchemy?{options}"
    plugin = [
        "-p",
        "sqlalchemy.testing.plugin.pytestplugin",
        "--dburi",
        url,
        "-o",
        "addopts=",
        "-W",
        "ignore",
    ]
    run(aws, python, *plugin, "alchemy_suite.py")


def run(aws: LocalAws, python: Path, *arguments: str) -> None:
    """Run pytest with the clients' packages against the server."""
    done = subprocess.run(
        [python, "-m", "pytest", "-q", "-p", "no:cacheprovider", *arguments],
        cwd=CLIENTS,
        env={
            **{name: value for name, value in os.environ.items() if not name.startswith(("AWS_", "PYTEST_"))},
            "AWS_ENDPOINT_URL": aws.endpoint,
            "AWS_ACCESS_KEY_ID": "test",
            "AWS_SECRET_ACCESS_KEY": "test",
            "AWS_DEFAULT_REGION": REGION,
            "PYTHONDONTWRITEBYTECODE": "1",
        },
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stdout[-6000:] + done.stderr[-2000:]
