"""State machines that run for real, through the gateway."""

import json
import time
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.conftest import LocalAws
from tests.integration.test_moto import killed_and_restarted

ROLE = "arn:aws:iam::000000000000:role/states"
NO_MACHINE = "arn:aws:states:us-east-1:000000000000:stateMachine:none"


def states(start: str, **by_name: dict[str, Any]) -> str:
    return json.dumps({"StartAt": start, "States": by_name})


def create(aws: LocalAws, name: str, definition: str, **more: Any) -> str:
    sfn = aws.client("stepfunctions")
    created = sfn.create_state_machine(name=name, definition=definition, roleArn=ROLE, **more)
    arn: str = created["stateMachineArn"]
    return arn


def ended(aws: LocalAws, execution: str) -> dict[str, Any]:
    sfn = aws.client("stepfunctions")
    deadline = time.monotonic() + 60
    while True:
        described: dict[str, Any] = sfn.describe_execution(executionArn=execution)
        if described["status"] != "RUNNING":
            return described
        assert time.monotonic() < deadline, "the execution does not end"
        time.sleep(0.05)


def run(aws: LocalAws, name: str, definition: str, data: object = None) -> dict[str, Any]:
    arn = create(aws, name, definition)
    started = aws.client("stepfunctions").start_execution(stateMachineArn=arn, input=json.dumps(data or {}))
    return ended(aws, started["executionArn"])


def event_types(aws: LocalAws, execution: str) -> list[str]:
    pages = (
        aws.client("stepfunctions").get_paginator("get_execution_history").paginate(executionArn=execution)
    )
    return [event["type"] for page in pages for event in page["events"]]


def failing_task(**more: Any) -> dict[str, Any]:
    return {
        "Type": "Task",
        "Resource": "arn:aws:states:::aws-sdk:ssm:getParameter",
        "Parameters": {"Name": "/not/there"},
        **more,
    }


END: dict[str, Any] = {"Type": "Pass", "End": True}


def test_choice_parallel_map_and_wait_run_as_written(aws: LocalAws) -> None:
    double = {
        "Type": "Pass",
        "Parameters": {"twice.$": "States.MathAdd($.n, $.n)"},
        "End": True,
    }
    mapped = {
        "Type": "Map",
        "ItemsPath": "$.numbers",
        "ItemSelector": {"n.$": "$$.Map.Item.Value"},
        "ItemProcessor": {"StartAt": "Double", "States": {"Double": double}},
        "End": True,
    }
    wait = {"Type": "Wait", "SecondsPath": "$.seconds", "OutputPath": "$.seconds", "End": True}
    definition = states(
        "Enough",
        Enough={
            "Type": "Choice",
            "Choices": [{"Variable": "$.seconds", "NumericLessThan": 5, "Next": "Both"}],
            "Default": "TooLong",
        },
        Both={
            "Type": "Parallel",
            "Branches": [
                {"StartAt": "Map", "States": {"Map": mapped}},
                {"StartAt": "Wait", "States": {"Wait": wait}},
            ],
            "End": True,
        },
        TooLong={"Type": "Fail", "Error": "TooLong", "Cause": "seconds"},
    )
    done = run(aws, "flow", definition, {"numbers": [1, 2, 3], "seconds": 1})
    assert (done["status"], json.loads(done.get("output", "null"))) == (
        "SUCCEEDED",
        [[{"twice": 2}, {"twice": 4}, {"twice": 6}], 1],
    )
    failed = run(aws, "flow-long", definition, {"numbers": [], "seconds": 5})
    assert (failed["status"], failed["error"], failed["cause"]) == ("FAILED", "TooLong", "seconds")


def test_a_task_is_retried_then_caught_with_the_error_of_the_sdk_for_java(aws: LocalAws) -> None:
    error = "Ssm.ParameterNotFoundException"
    task = failing_task(
        Retry=[{"ErrorEquals": [error], "IntervalSeconds": 1, "MaxAttempts": 1}],
        Catch=[{"ErrorEquals": [error], "ResultPath": "$.caught", "Next": "Caught"}],
        Next="Caught",
    )
    done = run(aws, "retry", states("Task", Task=task, Caught=END), {"kept": True})
    output = json.loads(done["output"])
    assert output["kept"] is True
    assert output["caught"]["Error"] == error
    assert "Service: Ssm, Status Code: 400" in output["caught"]["Cause"]
    assert event_types(aws, done["executionArn"]).count("TaskFailed") == 2


def test_an_uncaught_error_ends_the_execution_with_its_name_and_cause(aws: LocalAws) -> None:
    failed = run(aws, "uncaught", states("Task", Task=failing_task(End=True)))
    assert (failed["status"], failed["error"]) == ("FAILED", "Ssm.ParameterNotFoundException")
    assert event_types(aws, failed["executionArn"])[-1] == "ExecutionFailed"


def test_sdk_tasks_take_pascal_case_and_give_times_as_text(aws: LocalAws) -> None:
    task = {
        "Type": "Task",
        "Resource": "arn:aws:states:::aws-sdk:sfn:describeStateMachine",
        "Parameters": {"StateMachineArn.$": "$$.StateMachine.Id"},
        "End": True,
    }
    output = json.loads(run(aws, "pascal-case", states("Task", Task=task))["output"])
    assert output["Name"] == "pascal-case"
    assert output["CreationDate"].endswith("Z")


def test_a_text_as_output_is_json_text(aws: LocalAws) -> None:
    done = run(aws, "text", states("P", P={"Type": "Pass", "Result": "listo", "End": True}))
    assert done["output"] == '"listo"'


def test_the_history_is_paged_and_can_be_reversed(aws: LocalAws) -> None:
    done = run(aws, "history", states("A", A={"Type": "Pass", "Next": "B"}, B=END))
    sfn = aws.client("stepfunctions")
    execution = done["executionArn"]
    first = sfn.get_execution_history(executionArn=execution, maxResults=4)
    rest = sfn.get_execution_history(executionArn=execution, nextToken=first["nextToken"])
    types = [event["type"] for event in first["events"] + rest["events"]]
    assert types == [
        "ExecutionStarted", "PassStateEntered", "PassStateExited",
        "PassStateEntered", "PassStateExited", "ExecutionSucceeded",
    ]  # fmt: skip
    newest = sfn.get_execution_history(executionArn=execution, reverseOrder=True, maxResults=1)["events"]
    assert newest[0]["type"] == "ExecutionSucceeded"


def test_starting_again_with_the_same_name_is_idempotent_only_while_it_runs(aws: LocalAws) -> None:
    sfn = aws.client("stepfunctions")
    arn = create(aws, "waiting", states("W", W={"Type": "Wait", "Seconds": 600, "End": True}))
    started = sfn.start_execution(stateMachineArn=arn, name="one", input='{"a": 1}')
    again = sfn.start_execution(stateMachineArn=arn, name="one", input='{"a": 1}')
    assert again["executionArn"] == started["executionArn"]
    with pytest.raises(sfn.exceptions.ExecutionAlreadyExists):
        sfn.start_execution(stateMachineArn=arn, name="one", input='{"a": 2}')

    sfn.stop_execution(executionArn=started["executionArn"], error="Enough", cause="of waiting")

    stopped = ended(aws, started["executionArn"])
    assert (stopped["status"], stopped["error"], stopped["cause"]) == ("ABORTED", "Enough", "of waiting")
    with pytest.raises(sfn.exceptions.ExecutionAlreadyExists):
        sfn.start_execution(stateMachineArn=arn, name="one", input='{"a": 1}')


def test_executions_are_listed_by_status(aws: LocalAws) -> None:
    sfn = aws.client("stepfunctions")
    arn = create(aws, "listed", states("P", P=END))
    for name in ("a", "b", "c"):
        ended(aws, sfn.start_execution(stateMachineArn=arn, name=name)["executionArn"])
    pages = sfn.get_paginator("list_executions").paginate(
        stateMachineArn=arn, statusFilter="SUCCEEDED", PaginationConfig={"PageSize": 2}
    )
    assert [item["name"] for page in pages for item in page["executions"]] == ["c", "b", "a"]
    assert sfn.list_executions(stateMachineArn=arn, statusFilter="FAILED")["executions"] == []


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"input": "{"}, "InvalidExecutionInput"),
        ({"name": "no spaces"}, "InvalidName"),
        ({"stateMachineArn": NO_MACHINE}, "StateMachineDoesNotExist"),
        ({"stateMachineArn": "none"}, "InvalidArn"),
    ],
)  # fmt: skip
def test_a_bad_start_is_refused(aws: LocalAws, more: dict[str, str], code: str) -> None:
    arn = create(aws, "strict", states("P", P=END))
    with pytest.raises(ClientError) as caught:
        aws.client("stepfunctions").start_execution(**{"stateMachineArn": arn, **more})
    assert caught.value.response["Error"]["Code"] == code
    assert aws.client("stepfunctions").list_executions(stateMachineArn=arn)["executions"] == []


def test_an_execution_keeps_the_definition_it_started_with(aws: LocalAws) -> None:
    sfn = aws.client("stepfunctions")
    old = states("W", W={"Type": "Wait", "Seconds": 600, "End": True})
    arn = create(aws, "changing", old)
    execution = sfn.start_execution(stateMachineArn=arn)["executionArn"]
    sfn.update_state_machine(stateMachineArn=arn, definition=states("P", P=END))
    assert sfn.describe_state_machine_for_execution(executionArn=execution)["definition"] == old
    sfn.stop_execution(executionArn=execution)


def test_versions_and_aliases_can_be_started(aws: LocalAws) -> None:
    sfn = aws.client("stepfunctions")
    created = sfn.create_state_machine(
        name="versioned", definition=states("P", P=END), roleArn=ROLE, publish=True
    )
    version = created["stateMachineVersionArn"]
    route = [{"stateMachineVersionArn": version, "weight": 100}]
    alias = sfn.create_state_machine_alias(name="PROD", routingConfiguration=route)["stateMachineAliasArn"]
    done = ended(aws, sfn.start_execution(stateMachineArn=alias)["executionArn"])
    assert done["stateMachineArn"] == created["stateMachineArn"]
    assert (done["stateMachineVersionArn"], done["stateMachineAliasArn"]) == (version, alias)


def test_versions_are_listed_newest_first_and_in_pages(aws: LocalAws) -> None:
    sfn = aws.client("stepfunctions")
    machine = sfn.create_state_machine(
        name="twice-published", definition=states("P", P=END), roleArn=ROLE, publish=True
    )
    arn = machine["stateMachineArn"]
    sfn.update_state_machine(stateMachineArn=arn, definition=states("Q", Q=END), publish=True)
    first = sfn.list_state_machine_versions(stateMachineArn=arn, maxResults=1)
    second = sfn.list_state_machine_versions(stateMachineArn=arn, nextToken=first["nextToken"])
    listed = [*first["stateMachineVersions"], *second["stateMachineVersions"]]
    assert [one["stateMachineVersionArn"] for one in listed] == [f"{arn}:2", f"{arn}:1"]
    assert "nextToken" not in second
    with pytest.raises(sfn.exceptions.StateMachineDoesNotExist):
        sfn.list_state_machine_versions(stateMachineArn=f"{arn}-other")


def test_an_express_machine_answers_at_once(aws: LocalAws) -> None:
    arn = create(aws, "express", states("P", P=END), type="EXPRESS")
    sfn = aws.client("stepfunctions", inject_host_prefix=False)
    answer = sfn.start_sync_execution(stateMachineArn=arn, input='{"n": 1}')
    assert (answer["status"], answer["output"]) == ("SUCCEEDED", '{"n":1}')
    standard = create(aws, "standard", states("P", P=END))
    with pytest.raises(sfn.exceptions.StateMachineTypeNotSupported):
        sfn.start_sync_execution(stateMachineArn=standard)


def test_a_definition_is_validated(aws: LocalAws) -> None:
    sfn = aws.client("stepfunctions")
    assert sfn.validate_state_machine_definition(definition=states("P", P=END))["result"] == "OK"
    bad = sfn.validate_state_machine_definition(definition='{"StartAt": "P"}')
    assert bad["result"] == "FAIL"
    assert bad["diagnostics"][0]["severity"] == "ERROR"


def test_an_integration_that_nobody_has_is_refused_when_the_machine_is_created(aws: LocalAws) -> None:
    task = {"Type": "Task", "Resource": "arn:aws:states:::sagemaker:createTrainingJob.sync", "End": True}
    with pytest.raises(ClientError, match="sagemaker") as caught:
        create(aws, "sagemaker", states("T", T=task))
    assert caught.value.response["Error"]["Code"] == "InvalidDefinition"


def test_a_machine_can_run_another_and_wait_for_it(aws: LocalAws) -> None:
    inner = create(aws, "inner", states("P", P={"Type": "Pass", "Result": {"n": 1}, "End": True}))
    task = {
        "Type": "Task",
        "Resource": "arn:aws:states:::states:startExecution.sync:2",
        "Parameters": {"StateMachineArn": inner, "Input": {}},
        "OutputPath": "$.Output",
        "End": True,
    }
    done = run(aws, "outer", states("T", T=task))
    assert json.loads(done["output"]) == {"n": 1}


def test_executions_survive_a_killed_server_and_do_not_run_again(own_aws: LocalAws) -> None:
    finished = run(own_aws, "finished", states("P", P={"Type": "Pass", "Result": [1], "End": True}))
    history = event_types(own_aws, finished["executionArn"])
    waiting = create(own_aws, "waiting", states("W", W={"Type": "Wait", "Seconds": 600, "End": True}))
    sfn = own_aws.client("stepfunctions")
    running = sfn.start_execution(stateMachineArn=waiting)["executionArn"]

    killed_and_restarted(own_aws)

    again = own_aws.client("stepfunctions").describe_execution(executionArn=finished["executionArn"])
    assert {**again, "ResponseMetadata": {}} == {**finished, "ResponseMetadata": {}}
    assert event_types(own_aws, finished["executionArn"]) == history
    cut_off = ended(own_aws, running)
    assert (cut_off["status"], cut_off["error"]) == ("ABORTED", "Laguna.ServerStopped")
    assert event_types(own_aws, running)[-1] == "ExecutionAborted"
    listed = own_aws.client("stepfunctions").list_executions(stateMachineArn=finished["stateMachineArn"])
    assert [item["executionArn"] for item in listed["executions"]] == [finished["executionArn"]]


def test_a_name_is_taken_by_a_machine_that_is_different(aws: LocalAws) -> None:
    arn = create(aws, "taken", states("P", P=END))
    assert create(aws, "taken", states("P", P=END)) == arn
    with pytest.raises(ClientError) as caught:
        create(aws, "taken", states("Q", Q=END))
    assert caught.value.response["Error"]["Code"] == "StateMachineAlreadyExists"


def test_a_task_waits_for_its_token(aws: LocalAws) -> None:
    sqs, sfn = aws.client("sqs"), aws.client("stepfunctions")
    url = sqs.create_queue(QueueName="approvals")["QueueUrl"]
    task = {
        "Type": "Task",
        "Resource": "arn:aws:states:::sqs:sendMessage.waitForTaskToken",
        "Parameters": {"QueueUrl": url, "MessageBody": {"token.$": "$$.Task.Token"}},
        "End": True,
    }
    arn = create(aws, "approval", states("T", T=task))

    def token() -> str:
        message = sqs.receive_message(QueueUrl=url, WaitTimeSeconds=20)["Messages"][0]
        found: str = json.loads(message["Body"])["token"]
        return found

    approved = sfn.start_execution(stateMachineArn=arn)["executionArn"]
    sfn.send_task_success(taskToken=token(), output='{"ok": true}')
    assert json.loads(ended(aws, approved)["output"]) == {"ok": True}

    refused = sfn.start_execution(stateMachineArn=arn)["executionArn"]
    sfn.send_task_failure(taskToken=token(), error="Refused", cause="too expensive")
    failed = ended(aws, refused)
    assert (failed["status"], failed["error"], failed["cause"]) == ("FAILED", "Refused", "too expensive")

    with pytest.raises(sfn.exceptions.InvalidToken):
        sfn.send_task_success(taskToken="nobody's", output="{}")


def test_a_query_runs_in_athena_and_its_rows_are_read_by_the_next_state(aws: LocalAws) -> None:
    aws.client("s3").create_bucket(Bucket="states-query-results")
    start = {
        "Type": "Task",
        "Resource": "arn:aws:states:::athena:startQueryExecution.sync",
        "Parameters": {
            "QueryString": "SELECT 40 + 2 AS answer",
            "ResultConfiguration": {"OutputLocation": "s3://states-query-results/"},
        },
        "Next": "Read",
    }
    read = {
        "Type": "Task",
        "Resource": "arn:aws:states:::athena:getQueryResults",
        "Parameters": {"QueryExecutionId.$": "$.QueryExecution.QueryExecutionId"},
        "OutputPath": "$.ResultSet.Rows",
        "End": True,
    }
    done = run(aws, "query", states("Start", Start=start, Read=read))
    assert json.loads(done["output"]) == [
        {"Data": [{"VarCharValue": "answer"}]},
        {"Data": [{"VarCharValue": "42"}]},
    ]
    assert "TaskSubmitted" in event_types(aws, done["executionArn"])


def test_a_query_that_fails_stops_the_machine_and_says_where(aws: LocalAws) -> None:
    start = {
        "Type": "Task",
        "Resource": "arn:aws:states:::athena:startQueryExecution.sync",
        "Parameters": {
            "QueryString": "SELECT * FROM nowhere.nothing",
            "ResultConfiguration": {"OutputLocation": "s3://states-query-results/"},
        },
        "End": True,
    }
    failed = run(aws, "failing-query", states("Start", Start=start))
    assert (failed["status"], failed["error"]) == ("FAILED", "States.TaskFailed")
    execution = json.loads(failed["cause"])["QueryExecution"]
    assert execution["Status"]["State"] == "FAILED"
    assert isinstance(execution["Status"]["SubmissionDateTime"], int)


def test_a_crawler_is_started_and_polled_until_it_is_ready(aws: LocalAws) -> None:
    aws.client("s3").create_bucket(Bucket="states-crawled")
    aws.client("glue").create_database(DatabaseInput={"Name": "states_crawled"})
    aws.client("glue").create_crawler(
        Name="states",
        Role=ROLE,
        DatabaseName="states_crawled",
        Targets={"S3Targets": [{"Path": "s3://states-crawled/raw/"}]},
    )
    task = {"Type": "Task", "Parameters": {"Name": "states"}, "ResultPath": "$.last"}
    definition = states(
        "Start",
        Start={**task, "Resource": "arn:aws:states:::aws-sdk:glue:startCrawler", "Next": "Wait"},
        Wait={"Type": "Wait", "Seconds": 1, "Next": "Get"},
        Get={**task, "Resource": "arn:aws:states:::aws-sdk:glue:getCrawler", "Next": "Ready"},
        Ready={
            "Type": "Choice",
            "Choices": [{"Variable": "$.last.Crawler.State", "StringEquals": "READY", "Next": "Done"}],
            "Default": "Wait",
        },
        Done={"Type": "Pass", "OutputPath": "$.last.Crawler.LastCrawl.Status", "End": True},
    )
    assert json.loads(run(aws, "crawl", definition)["output"]) == "SUCCEEDED"


def test_an_unknown_job_is_an_error_of_glue(aws: LocalAws) -> None:
    task = {
        "Type": "Task",
        "Resource": "arn:aws:states:::glue:startJobRun.sync",
        "Parameters": {"JobName": "none"},
        "End": True,
    }
    failed = run(aws, "unknown-job", states("T", T=task))
    assert failed["error"] == "Glue.EntityNotFoundException"


def test_errors_are_logged_where_the_logging_configuration_says(aws: LocalAws) -> None:
    logs = aws.client("logs")
    logs.create_log_group(logGroupName="/aws/vendedlogs/states/logged")
    group = f"arn:aws:logs:us-east-1:{aws.settings.account_id}:log-group:/aws/vendedlogs/states/logged:*"
    create(
        aws,
        "logged",
        states("Task", Task=failing_task(Next="Never"), Never=END),
        loggingConfiguration={
            "level": "ERROR",
            "includeExecutionData": True,
            "destinations": [{"cloudWatchLogsLogGroup": {"logGroupArn": group}}],
        },
    )
    arn = f"arn:aws:states:us-east-1:{aws.settings.account_id}:stateMachine:logged"
    execution = aws.client("stepfunctions").start_execution(stateMachineArn=arn)["executionArn"]
    ended(aws, execution)
    events = logs.filter_log_events(logGroupName="/aws/vendedlogs/states/logged")["events"]
    lines = [json.loads(event["message"]) for event in events]
    assert [line["type"] for line in lines] == ["TaskFailed", "ExecutionFailed"]
    assert {line["execution_arn"] for line in lines} == {execution}
    assert lines[0]["details"]["error"] == "Ssm.ParameterNotFoundException"
