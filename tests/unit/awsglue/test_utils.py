from __future__ import annotations

import pytest
from awsglue.utils import GlueArgumentError, getResolvedOptions


def resolve(arguments: str, *options: str) -> dict[str, str]:
    return getResolvedOptions(["job.py", *arguments.split()], list(options))


def test_named_arguments_are_resolved_in_both_spellings_and_others_ignored() -> None:
    found = resolve("--JOB_NAME clientes --load_date=2025-07-25 --other x", "JOB_NAME", "load_date")
    assert (found["JOB_NAME"], found["load_date"], "other" in found) == ("clientes", "2025-07-25", False)


def test_a_missing_argument_is_glues_error() -> None:
    with pytest.raises(GlueArgumentError, match="the following arguments are required: --load_date"):
        resolve("--JOB_NAME clientes", "JOB_NAME", "load_date")


def test_an_argument_without_its_value_is_glues_error() -> None:
    with pytest.raises(GlueArgumentError, match="expected one argument"):
        resolve("--load_date", "load_date")


def test_the_jobs_name_is_only_there_when_it_is_asked_for() -> None:
    assert "JOB_NAME" not in resolve("--JOB_NAME clientes")


def test_glues_own_arguments_are_always_there() -> None:
    found = resolve("--JOB_RUN_ID jr_1 --JOB_ID j_1")
    assert (found["JOB_RUN_ID"], found["JOB_ID"]) == ("jr_1", "j_1")
    assert found["job_bookmark_option"] == "job-bookmark-disable"
    assert found["TempDir"] is None
    for name in ("SECURITY_CONFIGURATION", "encryption_type", "enable_data_lineage", "job_bookmark_from"):
        assert found[name] is None


def test_both_names_of_the_temporary_folder_have_its_value() -> None:
    found = resolve("--TempDir s3://lake/temp/", "TempDir")
    assert found["TempDir"] == found["RedshiftTempDir"] == "s3://lake/temp/"


@pytest.mark.parametrize("name", ["JOB_RUN_ID", "JOB_ID", "job-bookmark-option", "job_bookmark_from"])
def test_reserved_names_cannot_be_asked_for(name: str) -> None:
    with pytest.raises(RuntimeError, match="Using reserved arguments"):
        resolve("", name)


def test_a_paused_bookmark_needs_both_ends_of_its_range_or_none() -> None:
    paused = "--job-bookmark-option job-bookmark-pause"
    assert resolve(paused)["job_bookmark_option"] == "job-bookmark-pause"
    with pytest.raises(RuntimeError, match="Missing option or value for --job-bookmark-to"):
        resolve(f"{paused} --job-bookmark-from 1")
    with pytest.raises(RuntimeError, match=r"Invalid option"):
        resolve("--job-bookmark-from 1 --job-bookmark-to 2")
