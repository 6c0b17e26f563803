from __future__ import annotations

from typing import Any

import pytest

from local_aws.errors import AwsError

SPARK = {"Name": "glueetl", "ScriptLocation": "s3://lake/job.py"}
SHELL = {"Name": "pythonshell", "ScriptLocation": "s3://lake/job.py"}


def create(glue: Any, **change: Any) -> dict[str, Any]:
    glue.create_job(**{"Name": "clientes", "Role": "glue", "Command": SPARK, **change})
    return dict(glue.get_job(JobName="clientes")["Job"])


def test_a_spark_job_gets_glues_defaults(glue: Any) -> None:
    job = create(glue)
    assert (job["GlueVersion"], job["Timeout"], job["MaxRetries"]) == ("5.1", 480, 0)
    assert (job["WorkerType"], job["NumberOfWorkers"], job["MaxCapacity"]) == ("G.1X", 10, 10.0)
    assert job["ExecutionProperty"] == {"MaxConcurrentRuns": 1}
    assert job["CreatedOn"].tzinfo is not None


def test_the_capacity_is_workers_times_their_units(glue: Any) -> None:
    assert create(glue, WorkerType="G.4X", NumberOfWorkers=3)["MaxCapacity"] == 12.0


def test_a_python_shell_job_has_a_sixteenth_of_a_unit_and_two_days(glue: Any) -> None:
    job = create(glue, Command=SHELL)
    assert (job["MaxCapacity"], job["Timeout"], "GlueVersion" in job) == (0.0625, 2880, False)


@pytest.mark.parametrize(
    ("change", "code", "says"),
    [
        ({"Command": {**SPARK, "Name": "gluestreaming"}}, "NotImplemented", "streaming"),
        ({"Command": {**SPARK, "Name": "glueray"}}, "NotImplemented", "Ray"),
        ({"Command": {**SPARK, "Name": "bash"}}, "InvalidInputException", "bash"),
        ({"Command": {**SPARK, "ScriptLocation": "job.py"}}, "InvalidInputException", "job.py"),
        ({"GlueVersion": "6.0"}, "NotImplemented", "Spark 4.1"),
        ({"GlueVersion": "7.7"}, "InvalidInputException", "7.7"),
        ({"Role": "no role"}, "InvalidInputException", "Role"),
        ({"WorkerType": "G.1X", "NumberOfWorkers": 2, "MaxCapacity": 2.0}, "InvalidInputException", "Max"),
        ({"WorkerType": "G.1X"}, "InvalidInputException", "Number of Workers"),
        ({"WorkerType": "G.3X", "NumberOfWorkers": 2}, "InvalidInputException", "G.3X"),
        ({"Command": SHELL, "MaxCapacity": 2.0}, "InvalidInputException", "0.0625"),
        ({"Timeout": 0}, "InvalidInputException", "Timeout"),
        ({"Timeout": 10081}, "InvalidInputException", "Timeout"),
        ({"MaxRetries": 11}, "InvalidInputException", "MaxRetries"),
        ({"CodeGenConfigurationNodes": {"node": {}}}, "NotImplemented", "visual"),
    ],
)
def test_a_wrong_job_is_refused_and_not_kept(glue: Any, change: dict[str, Any], code: str, says: str) -> None:
    with pytest.raises(AwsError) as error:
        create(glue, **change)
    assert error.value.code == code
    assert says in error.value.message
    assert glue.list_jobs()["JobNames"] == []


def test_a_name_is_taken_once(glue: Any) -> None:
    create(glue)
    with pytest.raises(AwsError) as error:
        create(glue, Description="another")
    assert (error.value.code, error.value.message) == ("AlreadyExistsException", "Job already exists.")
    assert "Description" not in glue.get_job(JobName="clientes")["Job"]


def test_an_update_replaces_the_whole_definition(glue: Any) -> None:
    before = create(glue, Description="old", DefaultArguments={"--a": "1"})
    glue.update_job(JobName="clientes", JobUpdate={"Role": "glue", "Command": SPARK, "Timeout": 5})
    job = glue.get_job(JobName="clientes")["Job"]
    assert (job["Timeout"], "Description" in job, "DefaultArguments" in job) == (5, False, False)
    assert job["CreatedOn"] == before["CreatedOn"]


def test_a_refused_update_changes_nothing(glue: Any) -> None:
    before = create(glue)
    with pytest.raises(AwsError):
        glue.update_job(JobName="clientes", JobUpdate={"Role": "glue", "Command": SPARK, "Timeout": -1})
    assert glue.get_job(JobName="clientes")["Job"] == before


def test_jobs_are_listed_by_name_in_pages_and_by_tag(glue: Any) -> None:
    for name in ("b", "a", "c"):
        glue.job(name, Tags={"zone": name})
    first = glue.get_jobs(MaxResults=2)
    assert [job["Name"] for job in first["Jobs"]] == ["a", "b"]
    assert [job["Name"] for job in glue.get_jobs(NextToken=first["NextToken"])["Jobs"]] == ["c"]
    assert glue.list_jobs(Tags={"zone": "b"})["JobNames"] == ["b"]
    assert glue.get_tags(ResourceArn="arn:aws:glue:us-east-1:000000000000:job/c")["Tags"] == {"zone": "c"}
    answer = glue.batch_get_jobs(JobNames=["c", "nope"])
    assert ([job["Name"] for job in answer["Jobs"]], answer["JobsNotFound"]) == (["c"], ["nope"])


def test_deleting_a_job_deletes_its_runs_and_deleting_twice_is_no_error(glue: Any) -> None:
    create(glue)
    glue.end(glue.start_job_run(JobName="clientes")["JobRunId"])
    for _ in range(2):
        assert glue.delete_job(JobName="clientes") == {"JobName": "clientes"}
    create(glue)
    assert glue.get_job_runs(JobName="clientes")["JobRuns"] == []


def test_a_job_that_is_not_there_is_an_error(glue: Any) -> None:
    with pytest.raises(AwsError) as error:
        glue.get_job(JobName="nope")
    assert (error.value.code, error.value.message) == ("EntityNotFoundException", "Job nope not found.")
