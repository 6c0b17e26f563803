"""The lake of infra/terraform: what Terraform's provider asks for is there, and data flows through it.

The provider itself is in no package index, so its API calls are replayed (`terraform_calls.py`); the module's
files are read by Terraform where it is installed.
"""

from __future__ import annotations

import io
import os
import shutil
import subprocess
import time
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jmespath
import pyathena
import pytest
from botocore.exceptions import ClientError

from tests.conftest import LocalAws
from tests.integration.terraform_calls import BUCKET, DATABASE, JOB, REGION, TABLES, Call, Resource, module

ROOT = Path(__file__).parents[2]
TERRAFORM = ROOT / "infra" / "terraform"
PATIENCE = 240.0

PROVIDERS = os.environ.get("LAGUNA_TERRAFORM_PROVIDERS")
NO_PROVIDERS = (
    "Terraform's providers are in no package index: make a folder of them by "
    '"terraform providers mirror DIR" and name it in LAGUNA_TERRAFORM_PROVIDERS'
)

# Of AWS's answers, what Terraform does not look at or what moves by itself.
NOT_STATE = {"ResponseMetadata", "LastAccessTime", "RoleLastUsed"}

JOIN = """
select c.*, t.transaccion_id, tipo_transaccion, cantidad_comprada, t.precio, t.tipo_energia, t.year, t.month
from transacciones_transacciones t join clientes_clientes c on t.id_cliente_proveedor = c.cliente_id
order by t.transaccion_id
"""

RAW = {
    "clientes/year=2025/month=07/clientes.csv": """\
cliente_id,tipo_identificacion,identificacion,nombre,ciudad,segmento,fecha_registro
C1,CC,1,Ana,bogota,Residencial,2020-01-31
C2,CC,2,"Luis, hijo", CALI ,industrial,15/03/2021
,CC,3,Nadie,Cali,residencial,2020-01-01
""",
    "proveedores/year=2025/month=07/proveedores.csv": """\
proveedor_id,nombre_proveedor,tipo_energia,fecha_registro
P1,Hidro,hidroelectrica,2019-05-05
""",
    "transacciones/year=2025/month=07/julio.csv": """\
transaccion_id,tipo_transaccion,id_cliente_proveedor,cantidad_comprada,precio,tipo_energia,fecha_transaccion
T1,venta,C1,"10,5",300.25,eolica,2025-07-01
T2,VENTA,C2,4,100,solar,2025-07-02
T3,venta,C1,cuatro,100,solar,2025-07-02
""",
}
AUGUST = """\
transaccion_id,tipo_transaccion,id_cliente_proveedor,cantidad_comprada,precio,tipo_energia,fecha_transaccion
T4,venta,C2,1,1,nuclear,2025-08-01
"""


def scripts() -> dict[str, bytes]:
    """What the module uploads: the job's script, and the package as job.tf zips it."""
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as out:
        for folder in ("", "loading", "transforms"):
            for path in sorted((ROOT / "pipeline" / folder).glob("*.py")):
                out.write(path, path.relative_to(ROOT).as_posix())
    script = (TERRAFORM / "jobs" / "transform.py").read_bytes()
    return {"scripts/pipeline.zip": archive.getvalue(), "scripts/transform.py": script}


class Terraform:
    """Plays the provider's part."""

    def __init__(self, aws: LocalAws, resources: list[Resource]) -> None:
        self._aws = aws
        self._clients: dict[str, Any] = {}
        self._resources = resources

    def apply(self) -> dict[str, list[Any]]:
        """Create everything in order; the state, by resource."""
        state = {}
        for resource in self._resources:
            for call in resource.create:
                self._make(resource, call)
            state[resource.address] = self._read(resource)
        return state

    def refresh(self) -> dict[str, list[Any]]:
        """What a plan sees: no difference from the state means that nothing is to be done."""
        return {resource.address: self._read(resource) for resource in self._resources}

    def destroy(self) -> None:
        """Delete everything, each before what it needs, and see that it is gone."""
        for resource in reversed(self._resources):
            for call in [*resource.delete, resource.gone]:
                self._make(resource, call)

    def _read(self, resource: Resource) -> list[Any]:
        return [self._make(resource, call) for call in resource.read]

    def _make(self, resource: Resource, call: Call) -> Any:
        where = f"{resource.address}: {call.operation}"
        if call.service not in self._clients:
            # Go's SDK sends texts that are too short for botocore.
            self._clients[call.service] = self._aws.client(call.service, parameter_validation=False)
        try:
            answer = getattr(self._clients[call.service], call.operation)(**call.params)
            code = ""
        except ClientError as error:
            answer, code = str(error), error.response["Error"]["Code"]
        assert code == call.fails, f"{where}: {answer}"
        if code:
            return code
        for path, expected in call.shows.items():
            assert jmespath.search(path, answer) == expected, f"{where}: {path}"
        return _state_of(answer)


def _state_of(answer: Any) -> Any:
    if isinstance(answer, dict):
        return {key: _state_of(item) for key, item in answer.items() if key not in NOT_STATE}
    return [_state_of(item) for item in answer] if isinstance(answer, list) else answer


@pytest.fixture
def lake(aws: LocalAws) -> Iterator[Terraform]:
    terraform = Terraform(aws, module(scripts()))
    assert aws.client("sts").get_caller_identity()["Account"] == "000000000000"
    yield terraform
    with pytest.raises(ClientError):
        aws.client("s3").head_bucket(Bucket=BUCKET)


def test_what_terraform_creates_reads_the_same_at_the_next_plan_and_is_gone_after_destroy(
    lake: Terraform,
) -> None:
    state = lake.apply()
    plan = lake.refresh()
    # Reading all again shows what later resources did to earlier ones: the role has its policies now.
    changed = {address for address, answers in plan.items() if answers != state[address]}
    assert changed == {"aws_s3_bucket.lake", "aws_iam_role.glue"}
    assert lake.refresh() == plan
    lake.destroy()


def test_force_destroy_empties_a_bucket_by_its_versions(aws: LocalAws) -> None:
    s3, bucket = aws.client("s3"), "btg-full"
    s3.create_bucket(Bucket=bucket)
    for key in ("raw/a.csv", "raw/año=1/b c.csv"):
        s3.put_object(Bucket=bucket, Key=key, Body=b"x")
    with pytest.raises(ClientError) as refused:
        s3.delete_bucket(Bucket=bucket)
    assert refused.value.response["Error"]["Code"] == "BucketNotEmpty"
    # internal/service/s3/delete.go: with the "null" versions of a bucket that has no versioning.
    listed = s3.list_object_versions(Bucket=bucket)["Versions"]
    doomed = [{"Key": one["Key"], "VersionId": one["VersionId"]} for one in listed]
    assert [one["VersionId"] for one in doomed] == ["null", "null"]
    assert "Errors" not in s3.delete_objects(Bucket=bucket, Delete={"Objects": doomed, "Quiet": True})
    s3.delete_bucket(Bucket=bucket)


@pytest.mark.skipif(shutil.which("terraform") is None, reason="terraform is not installed")
def test_terraform_reads_the_module_and_has_nothing_to_format(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("TF_CLI_CONFIG_FILE", raising=False)
    command = ["terraform", "fmt", "-check", "-recursive", str(TERRAFORM)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60)
    assert (done.returncode, done.stdout) == (0, ""), done.stderr


@pytest.mark.extended
@pytest.mark.skipif(PROVIDERS is None, reason=NO_PROVIDERS)
def test_terraform_applies_has_nothing_more_to_do_and_destroys(aws: LocalAws, tmp_path: Path) -> None:
    module = tmp_path / "infra" / "terraform"
    shutil.copytree(TERRAFORM, module)
    shutil.copytree(ROOT / "pipeline", tmp_path / "pipeline")
    environment = {
        **{key: value for key, value in os.environ.items() if not key.startswith(("AWS_", "TF_"))},
        "AWS_ENDPOINT_URL": aws.endpoint,
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
        "TF_IN_AUTOMATION": "1",
        "TF_VAR_bucket_name": "btg-by-terraform",
        "TF_VAR_database_name": "btg_by_terraform",
        "TF_VAR_s3_use_path_style": "true",
        "TF_VAR_force_destroy": "true",
    }

    def terraform(*arguments: str) -> int:
        command = [shutil.which("terraform") or "tofu", *arguments]
        return subprocess.run(command, cwd=module, env=environment, timeout=300).returncode

    assert terraform("init", "-input=false", f"-plugin-dir={PROVIDERS}") == 0
    assert terraform("apply", "-input=false", "-auto-approve") == 0
    assert terraform("plan", "-input=false", "-detailed-exitcode") == 0
    assert terraform("destroy", "-input=false", "-auto-approve") == 0


class Lake:
    """The data's side of the lake."""

    def __init__(self, aws: LocalAws) -> None:
        self.aws, self.s3, self.glue = aws, aws.client("s3"), aws.client("glue")

    def put(self, key: str, text: str) -> None:
        self.s3.put_object(Bucket=BUCKET, Key=f"raw/{key}", Body=text.encode())

    def parquet(self) -> dict[str, str]:
        listed = self.s3.list_objects_v2(Bucket=BUCKET, Prefix="parquet/").get("Contents", [])
        return {one["Key"]: one["ETag"] for one in listed if one["Key"].endswith(".parquet")}

    def run(self) -> dict[str, Any]:
        # By a trigger, as the schedule does it: a run of StartJobRun starts no dependent crawlers.
        self.glue.start_trigger(Name=self._by_hand())
        run_id = self.glue.get_job_runs(JobName=JOB)["JobRuns"][0]["Id"]
        return wait_for(
            lambda: self.glue.get_job_run(JobName=JOB, RunId=run_id)["JobRun"],
            lambda run: run["JobRunState"] not in ("STARTING", "RUNNING", "WAITING", "STOPPING"),
        )

    def _by_hand(self) -> str:
        """A trigger that starts the job when it is asked to."""
        name = f"{JOB}-by-hand"
        if name not in self.glue.list_triggers()["TriggerNames"]:
            self.glue.create_trigger(Name=name, Type="ON_DEMAND", Actions=[{"JobName": JOB}])
        return name

    def crawled(self, crawls: int) -> None:
        """Wait for the trigger to have had every crawler run so many times."""
        for table in TABLES:
            wait_for(
                lambda name=f"{DATABASE}-{table}": self.glue.list_crawls(CrawlerName=name)["Crawls"],
                lambda found: len(found) == crawls and all(one["State"] == "COMPLETED" for one in found),
            )

    def query(self, sql: str) -> list[tuple[Any, ...]]:
        connection = pyathena.connect(
            work_group=DATABASE,
            schema_name=DATABASE,
            region_name=REGION,
            endpoint_url=self.aws.endpoint,
            aws_access_key_id="test",
            aws_secret_access_key="test",
            poll_interval=0.05,
        )
        with connection, connection.cursor() as cursor:
            return list(cursor.execute(sql).fetchall())

    def query_with_boto3(self, sql: str) -> list[list[str]]:
        athena = self.aws.client("athena")
        context = {"Database": DATABASE}
        started = athena.start_query_execution(
            QueryString=sql, WorkGroup=DATABASE, QueryExecutionContext=context
        )
        query_id = started["QueryExecutionId"]
        done = wait_for(
            lambda: athena.get_query_execution(QueryExecutionId=query_id)["QueryExecution"]["Status"],
            lambda status: status["State"] not in ("QUEUED", "RUNNING"),
        )
        assert done["State"] == "SUCCEEDED", done
        rows = athena.get_query_results(QueryExecutionId=query_id)["ResultSet"]["Rows"]
        return [[cell.get("VarCharValue", "") for cell in row["Data"]] for row in rows]


def wait_for(look: Any, is_done: Any) -> Any:
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        found = look()
        if is_done(found):
            return found
        time.sleep(0.1)
    raise TimeoutError(f"still {found}")


@pytest.mark.spark
@pytest.mark.extended
def test_raw_files_become_tables_that_athena_joins_and_a_rerun_leaves_older_months_alone(
    aws: LocalAws, lake: Terraform
) -> None:
    lake.apply()
    data = Lake(aws)
    for key, text in RAW.items():
        data.put(key, text)
    assert data.run()["JobRunState"] == "SUCCEEDED"
    data.crawled(1)

    tables = {one["Name"] for one in data.glue.get_tables(DatabaseName=DATABASE)["TableList"]}
    assert tables == {f"{table}_{table}" for table in TABLES} | {f"raw_{table}" for table in TABLES}
    rows = [tuple(map(str, row)) for row in data.query(JOIN)]
    ana = ("C1", "CC", "1", "Ana", "Bogotá", "residencial", "2020-01-31", "2025", "07")
    luis = ("C2", "CC", "2", "Luis, hijo", "Cali", "industrial", "2021-03-15", "2025", "07")
    july = [
        (*ana, "T1", "venta", "10.500", "300.25", "eólica", "2025", "07"),
        (*luis, "T2", "venta", "4.000", "100.00", "solar", "2025", "07"),
    ]
    assert rows == july
    assert [tuple(row) for row in data.query_with_boto3(JOIN)[1:]] == july
    raw = "select count(*) from raw_transacciones where year = '2025' and month = '07'"
    assert data.query(raw) == [(3,)]

    before = data.parquet()
    assert data.run()["JobRunState"] == "SUCCEEDED"
    assert data.parquet() == before

    data.put("transacciones/year=2025/month=08/agosto.csv", AUGUST)
    data.s3.delete_object(Bucket=BUCKET, Key="raw/transacciones/year=2025/month=07/julio.csv")
    data.put("transacciones/year=2025/month=07/tarde.csv", AUGUST)
    run = data.run()
    assert run["JobRunState"] == "FAILED"
    assert "julio.csv is gone" in run["ErrorMessage"]
    after = data.parquet()
    assert before.items() < after.items()
    assert {"/month=08/" in key for key in after.keys() - before.keys()} == {True}

    for page in data.s3.get_paginator("list_objects_v2").paginate(Bucket=BUCKET):
        for one in page.get("Contents", []):
            if not one["Key"].startswith("scripts/"):
                data.s3.delete_object(Bucket=BUCKET, Key=one["Key"])
    # The crawlers' tables, which Terraform does not know, go with their database.
    lake.destroy()
    with pytest.raises(data.glue.exceptions.EntityNotFoundException):
        data.glue.get_table(DatabaseName=DATABASE, Name="clientes_clientes")
