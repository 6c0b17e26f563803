"""The Athena and Glue tasks in moto's interpreter, on clients that answer from a script."""

import json
import threading
from collections.abc import Callable
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

import botocore.session
import pytest
from botocore.exceptions import ClientError

from local_aws.stepfunctions.interpreter import Run, problems_of
from local_aws.stepfunctions.machines import Machine
from local_aws.stepfunctions.tasks import optimised, registry

MACHINE = "arn:aws:states:us-east-1:000000000000:stateMachine:m"
NOON = datetime(2026, 1, 31, 12, 0, 0, 500_000, tzinfo=UTC)
NOON_MS = 1769860800500
MODELS = botocore.session.Session()


class Client:
    """Answers each operation's calls from a list, the last one again and again; keeps the calls."""

    def __init__(self, service: str, **answers: list[Any]) -> None:
        self.meta = SimpleNamespace(service_model=MODELS.get_service_model(service))
        self.asked: list[tuple[str, dict[str, Any]]] = []
        self._answers = answers

    def __getattr__(self, operation: str) -> Callable[..., Any]:
        def call(**request: Any) -> Any:
            self.asked.append((operation, request))
            answers = self._answers[operation]
            answer = answers.pop(0) if len(answers) > 1 else answers[0]
            if isinstance(answer, Exception):
                raise answer
            return dict(answer)

        return call


@pytest.fixture(autouse=True)
def _tasks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(optimised, "POLL_SECONDS", 0.001)
    registry.install()


def use(monkeypatch: pytest.MonkeyPatch, make: Callable[[str], Client]) -> None:
    """Give tasks the clients that `make` makes of a service's name."""
    roles = SimpleNamespace(client_of=lambda service, region, role_arn: make(service))
    monkeypatch.setattr(optimised, "client_of", lambda service, region: make(service))
    monkeypatch.setattr(optimised, "role_clients", roles)


def started(
    monkeypatch: pytest.MonkeyPatch, client: Client, task: dict[str, Any]
) -> tuple[Run, threading.Event]:
    use(monkeypatch, lambda service: client)
    definition = json.dumps({"StartAt": "T", "States": {"T": {"Type": "Task", "End": True, **task}}})
    moto = SimpleNamespace(
        type="STANDARD",
        roleArn="r",
        name="m",
        arn=MACHINE,
        definition=definition,
        loggingConfiguration={"level": "OFF"},
    )
    machine = Machine(MACHINE, moto, {}, [], "000000000000", "us-east-1")
    ended = threading.Event()
    run = Run(machine, "execution", "e", "{}", lambda run: ended.set())
    run.start()
    return run, ended


def result(monkeypatch: pytest.MonkeyPatch, client: Client, task: dict[str, Any]) -> dict[str, Any]:
    run, ended = started(monkeypatch, client, task)
    assert ended.wait(20)
    return {**run.result(), "types": [str(event["type"].value) for event in run.history()]}


def start_job_run(condition: str = ".sync") -> dict[str, Any]:
    return {
        "Resource": f"arn:aws:states:::glue:startJobRun{condition}",
        "Parameters": {"JobName": "clientes", "Arguments": {"--load_date": "pending"}},
    }


def start_query(condition: str = ".sync") -> dict[str, Any]:
    return {
        "Resource": f"arn:aws:states:::athena:startQueryExecution{condition}",
        "Parameters": {"QueryString": "SELECT 1", "WorkGroup": "primary"},
    }


def job_run(state: str, **more: Any) -> dict[str, Any]:
    return {"JobRun": {"Id": "jr_1", "JobRunState": state, "StartedOn": NOON, **more}}


def query(state: str, **more: Any) -> dict[str, Any]:
    status = {"State": state, "SubmissionDateTime": NOON, **more}
    return {"QueryExecution": {"QueryExecutionId": "q", "Status": status}}


def test_a_job_run_is_awaited_and_is_the_output(monkeypatch: pytest.MonkeyPatch) -> None:
    runs = [job_run("STARTING"), job_run("RUNNING"), job_run("SUCCEEDED", ExecutionTime=3)]
    client = Client("glue", start_job_run=[{"JobRunId": "jr_1"}], get_job_run=runs)
    done = result(monkeypatch, client, start_job_run())
    assert json.loads(done["output"]) == {
        "Id": "jr_1",
        "JobRunState": "SUCCEEDED",
        "StartedOn": NOON_MS,
        "ExecutionTime": 3,
        "JobName": "clientes",
    }
    assert client.asked[0] == ("start_job_run", start_job_run()["Parameters"])
    assert done["types"] == [
        "ExecutionStarted", "TaskStateEntered", "TaskScheduled", "TaskStarted", "TaskSubmitted",
        "TaskSucceeded", "TaskStateExited", "ExecutionSucceeded",
    ]  # fmt: skip


@pytest.mark.parametrize("state", ["FAILED", "TIMEOUT", "ERROR"])
def test_a_job_run_that_fails_fails_the_task_with_itself_as_cause(
    monkeypatch: pytest.MonkeyPatch, state: str
) -> None:
    runs = [job_run(state, ErrorMessage="año 3")]
    client = Client("glue", start_job_run=[{"JobRunId": "jr_1"}], get_job_run=runs)
    failed = result(monkeypatch, client, start_job_run())
    assert (failed["status"], failed["error"]) == ("FAILED", "States.TaskFailed")
    cause = json.loads(failed["cause"])
    assert (cause["JobRunState"], cause["JobName"], cause["StartedOn"]) == (state, "clientes", NOON_MS)
    assert failed["types"][-2:] == ["TaskFailed", "ExecutionFailed"]


def test_without_sync_a_job_run_is_only_started(monkeypatch: pytest.MonkeyPatch) -> None:
    client = Client("glue", start_job_run=[{"JobRunId": "jr_1", "ResponseMetadata": {}}])
    done = result(monkeypatch, client, start_job_run(""))
    assert json.loads(done["output"]) == {"JobRunId": "jr_1", "JobName": "clientes"}


def test_an_error_of_the_api_has_the_services_name_before_it(monkeypatch: pytest.MonkeyPatch) -> None:
    class ConcurrentRunsExceededException(ClientError):
        pass

    response = {"Error": {"Code": "ConcurrentRunsExceededException", "Message": "Concurrent runs exceeded"}}
    client = Client("glue", start_job_run=[ConcurrentRunsExceededException(response, "StartJobRun")])
    failed = result(monkeypatch, client, start_job_run())
    assert failed["error"] == "Glue.ConcurrentRunsExceededException"
    assert failed["cause"] == "Concurrent runs exceeded"


def test_an_error_that_is_not_in_the_model_has_the_name_of_the_services_own(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    error = ClientError({"Error": {"Code": "Strange", "Message": "m"}}, "StartQueryExecution")
    failed = result(monkeypatch, Client("athena", start_query_execution=[error]), start_query())
    assert failed["error"] == "Athena.AmazonAthenaException"


def test_a_query_is_awaited_and_its_execution_is_the_output(monkeypatch: pytest.MonkeyPatch) -> None:
    executions = [query("QUEUED"), query("RUNNING"), query("SUCCEEDED", CompletionDateTime=NOON)]
    client = Client(
        "athena", start_query_execution=[{"QueryExecutionId": "q"}], get_query_execution=executions
    )
    done = result(monkeypatch, client, start_query())
    status = {"State": "SUCCEEDED", "SubmissionDateTime": NOON_MS, "CompletionDateTime": NOON_MS}
    assert json.loads(done["output"]) == {"QueryExecution": {"QueryExecutionId": "q", "Status": status}}


def test_a_query_that_fails_fails_the_task_with_itself_as_cause(monkeypatch: pytest.MonkeyPatch) -> None:
    executions = [query("FAILED", StateChangeReason="TABLE_NOT_FOUND: line 1:15")]
    client = Client(
        "athena", start_query_execution=[{"QueryExecutionId": "q"}], get_query_execution=executions
    )
    failed = result(monkeypatch, client, start_query())
    assert failed["error"] == "States.TaskFailed"
    reason = json.loads(failed["cause"])["QueryExecution"]["Status"]["StateChangeReason"]
    assert reason == "TABLE_NOT_FOUND: line 1:15"


def test_a_query_that_fails_inside_map_and_parallel_still_says_why(monkeypatch: pytest.MonkeyPatch) -> None:
    executions = [query("FAILED", StateChangeReason="TABLE_NOT_FOUND: line 1:15")]
    client = Client(
        "athena", start_query_execution=[{"QueryExecutionId": "q"}], get_query_execution=executions
    )
    inside = {"StartAt": "Q", "States": {"Q": {"Type": "Task", "End": True, **start_query()}}}
    states = {
        "List": {"Type": "Pass", "Result": [1], "Next": "Each"},
        "Each": {"Type": "Map", "ItemProcessor": inside, "End": True},
    }
    failed = result(
        monkeypatch, client, {"Type": "Parallel", "Branches": [{"StartAt": "List", "States": states}]}
    )
    assert failed["error"] == "States.TaskFailed"
    assert "TABLE_NOT_FOUND" in failed["cause"]


def test_the_results_of_a_query_can_be_read(monkeypatch: pytest.MonkeyPatch) -> None:
    rows = {"ResultSet": {"Rows": [{"Data": [{"VarCharValue": "1"}]}]}}
    task = {
        "Resource": "arn:aws:states:::athena:getQueryResults",
        "Parameters": {"QueryExecutionId": "q"},
    }
    assert json.loads(result(monkeypatch, Client("athena", get_query_results=[rows]), task)["output"]) == rows


def test_stopping_the_execution_stops_the_query(monkeypatch: pytest.MonkeyPatch) -> None:
    client = Client(
        "athena",
        start_query_execution=[{"QueryExecutionId": "q"}],
        get_query_execution=[query("RUNNING")],
        stop_query_execution=[{}],
    )
    run, ended = started(monkeypatch, client, start_query())
    while not any(name == "get_query_execution" for name, _ in client.asked):
        pass
    run.abort("Enough", None)
    assert ended.wait(20)
    assert run.result()["status"] == "ABORTED"
    assert client.asked[-1] == ("stop_query_execution", {"QueryExecutionId": "q"})
    types = [event["type"].value for event in run.history()]
    assert "TaskSucceeded" not in types
    assert types[-1] == "ExecutionAborted"


def test_a_tasks_timeout_stops_the_job(monkeypatch: pytest.MonkeyPatch) -> None:
    stopped = threading.Event()
    client = Client("glue", start_job_run=[{"JobRunId": "jr_1"}], get_job_run=[job_run("RUNNING")])
    client.batch_stop_job_run = lambda **request: stopped.set()  # type: ignore[method-assign]
    failed = result(monkeypatch, client, {**start_job_run(), "TimeoutSeconds": 1})
    assert (failed["status"], failed["error"]) == ("FAILED", "States.Timeout")
    assert stopped.wait(20)
    assert failed["types"][-2:] == ["TaskTimedOut", "ExecutionFailed"]


@pytest.mark.parametrize(
    "resource",
    ["athena:getQueryExecution.sync", "athena:listQueryExecutions", "glue:startCrawler", "sagemaker:x.sync"],
)
def test_an_integration_that_aws_or_laguna_does_not_have_is_a_fault_of_the_definition(
    monkeypatch: pytest.MonkeyPatch, resource: str
) -> None:
    use(monkeypatch, Client)
    task = {"Type": "Task", "Resource": f"arn:aws:states:::{resource}", "End": True}
    assert problems_of(json.dumps({"StartAt": "T", "States": {"T": task}}))


def test_the_history_has_times_not_texts(monkeypatch: pytest.MonkeyPatch) -> None:
    client = Client("glue", start_job_run=[{"JobRunId": "jr_1"}])
    run, ended = started(monkeypatch, client, start_job_run(""))
    assert ended.wait(20)
    assert all(isinstance(event["timestamp"], datetime) for event in run.history())
