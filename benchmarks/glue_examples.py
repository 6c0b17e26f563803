"""Run the example scripts that AWS publishes for Glue, unchanged, on data of ours, and check what they write.

    git clone https://github.com/aws-samples/aws-glue-samples
    python -m benchmarks.glue_examples aws-glue-samples

Each check is what AWS's walkthrough of the script says must come out. The legislators' relational tables
are written to a PostgreSQL, which stands where the script's connection `redshift3` would lead.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
from rich.console import Console
from rich.table import Table

from benchmarks.athena import client
from benchmarks.servers import running_server
from local_aws.settings import Settings
from tests.postgres import postgres

TARGET, SOURCE = "glue-sample-target", "glue-sample-source"
HOUSE, SENATE = "House of Representatives", "Senate"
PERSONS = [
    {"id": "p1", "name": "Ana Díaz", "family_name": "Díaz", "given_name": "Ana",
     "identifiers": [{"scheme": "wikidata", "identifier": "Q1"}, {"scheme": "lis", "identifier": "S1"}],
     "contact_details": [{"type": "phone", "value": "202-1"}, {"type": "fax", "value": "202-2"}]},
    {"id": "p2", "name": "Luis Vega", "family_name": "Vega", "given_name": "Luis",
     "identifiers": [{"scheme": "wikidata", "identifier": "Q2"}], "contact_details": []},
    {"id": "p3", "name": "Nobody", "family_name": "N", "given_name": "N"},
]  # fmt: skip
MEMBERSHIPS = [
    {"person_id": "p1", "organization_id": "o1", "role": "member", "start_date": "2013-01-03"},
    {"person_id": "p1", "organization_id": "o2", "role": "member", "start_date": "2015-01-06"},
    {"person_id": "p2", "organization_id": "o2", "role": "member", "start_date": "2015-01-06"},
]
ORGANIZATIONS = [
    {"id": "o1", "name": HOUSE, "seats": 435, "identifiers": [], "other_names": []},
    {"id": "o2", "name": SENATE, "seats": 100, "identifiers": [{"scheme": "x"}], "other_names": []},
]
MEDICARE = """DRG Definition,Provider Id,Provider Name,Provider City,Provider State,Provider Zip Code,\
Hospital Referral Region Description,Total Discharges,Average Covered Charges,Average Total Payments,\
Average Medicare Payments
039 - EXTRACRANIAL,10001,SOUTHEAST CENTER,DOTHAN,AL,36301,AL - Dothan,91,$32963.07,$5777.24,$4763.73
039 - EXTRACRANIAL,10005,MARSHALL SOUTH,BOAZ,AL,35957,AL - Birmingham,14,$15131.85,$5787.57,$4976.71
948 - SIGNS,[UNKNOWN],NOWHERE,NOWHERE,AL,35957,AL - Birmingham,44,$1.50,$2.50,$3.50
"""
MEDICARE_TYPES = {
    "provider id": "bigint",
    "provider zip code": "bigint",
    "total discharges": "bigint",
}

Rows = list[dict[str, Any]]


class Lake:
    """A server with the data of the examples, and what they wrote."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.s3, self.glue = client(settings, "s3"), client(settings, "glue")

    def prepare(self, scripts: Path, port: int) -> None:
        """Buckets, files, tables by a crawler and by hand, and the connection."""
        for bucket in (TARGET, SOURCE):
            self.s3.create_bucket(Bucket=bucket)
        files = {"persons": PERSONS, "memberships": MEMBERSHIPS, "organizations": ORGANIZATIONS}
        for name, records in files.items():
            body = "\n".join(json.dumps(record, ensure_ascii=False) for record in records)
            self.s3.put_object(Bucket=SOURCE, Key=f"legislators/{name}.json", Body=body.encode())
        self.s3.put_object(Bucket=SOURCE, Key="medicare/medicare.csv", Body=MEDICARE.encode())
        for script in EXAMPLES:
            body = (scripts / "examples" / script).read_bytes()
            self.s3.put_object(Bucket=SOURCE, Key=f"scripts/{script}", Body=body)
        for database in ("legislators", "payments"):
            self.glue.create_database(DatabaseInput={"Name": database})
        self._crawl()
        self.glue.create_table(DatabaseName="payments", TableInput=medicare_table())
        url = f"jdbc:postgresql://127.0.0.1:{port}/testdb"
        properties = {"JDBC_CONNECTION_URL": url, "USERNAME": "postgres", "PASSWORD": "any"}
        self.glue.create_connection(
            ConnectionInput={
                "Name": "redshift3",
                "ConnectionType": "JDBC",
                "ConnectionProperties": properties,
            }
        )

    def run(self, script: str) -> dict[str, Any]:
        """Run a script as a job; returns the run at its end."""
        location = {"Name": "glueetl", "ScriptLocation": f"s3://{SOURCE}/scripts/{script}"}
        self.glue.create_job(Name=script, Role="glue", Command=location, GlueVersion="5.1")
        run_id = self.glue.start_job_run(JobName=script)["JobRunId"]
        while True:
            run: dict[str, Any] = self.glue.get_job_run(JobName=script, RunId=run_id)["JobRun"]
            if run["JobRunState"] not in ("STARTING", "RUNNING"):
                return run
            time.sleep(0.2)

    def rows(self, folder: str, format_name: str) -> Rows:
        """The rows below a folder of the target, as DuckDB reads them."""
        pattern = self.settings.state / "s3" / TARGET / "output-dir" / folder / "**" / "*part-*"
        read = {"parquet": "read_parquet", "json": "read_json"}[format_name]
        found = duckdb.sql(f"SELECT * FROM {read}('{pattern}', hive_partitioning = true)")
        return [dict(zip(found.columns, row, strict=True)) for row in found.fetchall()]

    def _crawl(self) -> None:
        target = {"S3Targets": [{"Path": f"s3://{SOURCE}/legislators/"}]}
        self.glue.create_crawler(Name="legislators", Role="glue", DatabaseName="legislators", Targets=target)
        self.glue.start_crawler(Name="legislators")
        while self.glue.get_crawler(Name="legislators")["Crawler"]["State"] != "READY":
            time.sleep(0.1)


def medicare_table() -> dict[str, Any]:
    """The table as AWS's crawler makes it of the whole file, whose first megabytes have numbers alone."""
    names = MEDICARE.splitlines()[0].lower().split(",")
    return {
        "Name": "medicare",
        "StorageDescriptor": {
            "Location": f"s3://{SOURCE}/medicare/",
            "Columns": [{"Name": name, "Type": MEDICARE_TYPES.get(name, "string")} for name in names],
            "InputFormat": "org.apache.hadoop.mapred.TextInputFormat",
            "OutputFormat": "org.apache.hadoop.hive.ql.io.HiveIgnoreKeyTextOutputFormat",
            "SerdeInfo": {
                "SerializationLibrary": "org.apache.hadoop.hive.serde2.lazy.LazySimpleSerDe",
                "Parameters": {"field.delim": ","},
            },
        },
        "Parameters": {"classification": "csv", "skip.header.line.count": "1"},
    }


def legislators(lake: Lake) -> list[str]:
    """A row for each membership, by organization; the arrays in tables of their own."""
    history = lake.rows("legislator_history", "parquet")
    single, parts = lake.rows("legislator_single", "parquet"), lake.rows("legislator_part", "parquet")
    found = sorted((row["name"], row["org_name"]) for row in history)
    return problems(
        {
            "history": (found, [("Ana Díaz", HOUSE), ("Ana Díaz", SENATE), ("Luis Vega", SENATE)]),
            "dropped fields": ({"person_id", "org_id"} & history[0].keys(), set()),
            "single": (len(single), 3),
            "by organization": (sorted({row["org_name"] for row in parts}), [HOUSE, SENATE]),
        }
    )


def cleaning(lake: Lake) -> list[str]:
    """Nested records, prices without the dollar, and the row without a number gone."""
    rows = sorted(lake.rows("medicare_parquet", "parquet"), key=lambda row: row["provider"]["id"])
    return problems(
        {
            "providers": ([row["provider"]["id"] for row in rows], [10001, 10005]),
            "charges": (list(rows[0]["charges"].values()), [32963.07, 5777.24, 4763.73]),
        }
    )


def choices(lake: Lake) -> list[str]:
    """What each way to resolve the choice makes of the three rows."""

    def ids(folder: str) -> list[Any]:
        return [row.get("provider id") for row in lake.rows(folder, "json")]

    columns = lake.rows("medicare_json_make_cols", "json")
    struct = [row["provider id"] for row in lake.rows("medicare_json_make_struct", "json")]
    return problems(
        {
            "cast": (ids("medicare_json_cast"), [10001, 10005, None]),
            "project": (ids("medicare_json_project"), [10001, 10005, None]),
            "make_cols": (
                [(row.get("provider id_long"), row.get("provider id_string")) for row in columns],
                [(10001, None), (10005, None), (None, "[UNKNOWN]")],
            ),
            "make_struct": (
                [(one.get("long"), one.get("string")) for one in struct],
                [(10001, None), (10005, None), (None, "[UNKNOWN]")],
            ),
            "sql": (len(lake.rows("medicare_json_sql", "json")), 2),
        }
    )


def problems(checks: dict[str, tuple[Any, Any]]) -> list[str]:
    """Which of the checks, found and wanted by name, do not hold."""
    return [f"{name}: {found!r}" for name, (found, wanted) in checks.items() if found != wanted]


EXAMPLES: dict[str, Callable[[Lake], list[str]]] = {
    "join_and_relationalize.py": legislators,
    "data_cleaning_and_lambda.py": cleaning,
    "resolve_choice.py": choices,
}


def main() -> None:
    """Run all, and show a table of how they ended."""
    scripts = Path(sys.argv[1])
    shown = Table("script", "run", "seconds", "what it wrote")
    wrong = 0
    with running_server() as settings, postgres("CREATE DATABASE testdb") as port:
        lake = Lake(settings)
        lake.prepare(scripts, port)
        for script, check in EXAMPLES.items():
            run = lake.run(script)
            state = run["JobRunState"]
            bad = check(lake) if state == "SUCCEEDED" else [run.get("ErrorMessage", "")]
            wrong += bool(bad)
            shown.add_row(script, state, str(run.get("ExecutionTime", "")), "\n".join(bad) or "as documented")
    Console().print(shown)
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
