"""The load as a state machine: run the job, crawl what it wrote, ask a question of it."""

from aws_cdk import Duration
from aws_cdk import aws_stepfunctions as sfn
from aws_cdk import aws_stepfunctions_tasks as tasks
from constructs import Construct

QUESTION = "SELECT ciudad, sum(cantidad * precio) AS total FROM ventas GROUP BY ciudad ORDER BY ciudad"


def load_ventas(scope: Construct, job: str, crawler: str, workgroup: str, database: str) -> sfn.Chain:
    """The states from the job to the answer of `QUESTION`, which is the execution's output."""
    run = tasks.GlueStartJobRun(
        scope,
        "RunJob",
        glue_job_name=job,
        integration_pattern=sfn.IntegrationPattern.RUN_JOB,
        result_path=sfn.JsonPath.DISCARD,
    )
    crawl = _glue(scope, "Crawl", "startCrawler", crawler, result_path=sfn.JsonPath.DISCARD)
    wait = sfn.Wait(scope, "WaitForCrawl", time=sfn.WaitTime.duration(Duration.seconds(2)))
    look = _glue(scope, "LookAtCrawl", "getCrawler", crawler, result_path="$.crawl")
    ask = tasks.AthenaStartQueryExecution(
        scope,
        "Ask",
        query_string=QUESTION,
        work_group=workgroup,
        query_execution_context=tasks.QueryExecutionContext(database_name=database),
        integration_pattern=sfn.IntegrationPattern.RUN_JOB,
    )
    is_ready = sfn.Condition.string_equals("$.crawl.Crawler.State", "READY")
    done = sfn.Choice(scope, "IsCrawlDone").when(is_ready, ask).otherwise(wait)
    return sfn.Chain.start(run).next(crawl).next(wait).next(look).next(done)


def _glue(scope: Construct, name: str, action: str, crawler: str, result_path: str) -> tasks.CallAwsService:
    return tasks.CallAwsService(
        scope,
        name,
        service="glue",
        action=action,
        parameters={"Name": crawler},
        iam_resources=["*"],
        result_path=result_path,
    )
