"""The team's own code: plain boto3, with nothing about where AWS is."""

from __future__ import annotations

import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import boto3

JOB_SCRIPT = Path(__file__).parent.parent / "jobs" / "clean_orders.py"
CLEAN_ORDERS = """
CREATE EXTERNAL TABLE IF NOT EXISTS {database}.orders (id int, customer string, amount decimal(10,2))
STORED AS PARQUET LOCATION 's3://{bucket}/clean/orders/'
"""
TOP_CUSTOMERS = """
SELECT customer, sum(amount) AS total FROM {database}.orders GROUP BY customer ORDER BY total DESC, customer
"""


class QueryFailed(Exception):
    """Athena could not answer."""


class JobFailed(Exception):
    """The Glue job did not succeed."""


@dataclass(frozen=True)
class ShopLake:
    """The deployed stack, by its outputs."""

    bucket: str
    database: str
    job: str
    work_group: str

    def publish(self) -> None:
        """Put the job's script where the stack says, and declare the table."""
        boto3.client("s3").upload_file(str(JOB_SCRIPT), self.bucket, "scripts/clean_orders.py")
        self._query(CLEAN_ORDERS)

    def load(self, name: str, csv: str) -> None:
        """Add a file of raw orders."""
        boto3.client("s3").put_object(Bucket=self.bucket, Key=f"raw/orders/{name}", Body=csv.encode())

    def clean(self) -> None:
        """Run the job and wait for its end."""
        glue = boto3.client("glue")
        arguments = {"--bucket": self.bucket}
        run_id = glue.start_job_run(JobName=self.job, Arguments=arguments)["JobRunId"]
        while True:
            run = glue.get_job_run(JobName=self.job, RunId=run_id)["JobRun"]
            if run["JobRunState"] in ("SUCCEEDED", "FAILED", "STOPPED", "TIMEOUT", "ERROR"):
                break
            time.sleep(0.2)
        if run["JobRunState"] != "SUCCEEDED":
            raise JobFailed(run.get("ErrorMessage", run["JobRunState"]))

    def top_customers(self) -> list[tuple[str, str]]:
        """Customers and what they spent, most first."""
        return [(row[0], row[1]) for row in self._query(TOP_CUSTOMERS)]

    def _query(self, sql: str) -> list[list[str]]:
        athena = boto3.client("athena")
        text = sql.format(database=self.database, bucket=self.bucket)
        started = athena.start_query_execution(QueryString=text, WorkGroup=self.work_group)
        execution_id = started["QueryExecutionId"]
        while True:
            execution: Any = athena.get_query_execution(QueryExecutionId=execution_id)["QueryExecution"]
            if execution["Status"]["State"] in ("SUCCEEDED", "FAILED", "CANCELLED"):
                break
            time.sleep(0.05)
        if execution["Status"]["State"] != "SUCCEEDED":
            raise QueryFailed(execution["Status"]["StateChangeReason"])
        rows = athena.get_query_results(QueryExecutionId=execution_id)["ResultSet"]["Rows"]
        return [[cell.get("VarCharValue", "") for cell in row["Data"]] for row in rows[1:]]
