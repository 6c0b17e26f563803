from __future__ import annotations

from pathlib import Path

import pytest

from laguna.errors import ProfileUnknown, SettingsInvalid
from laguna.profiles.profile import load_profile
from laguna.project import Project, find_project


@pytest.fixture
def project(tmp_path: Path) -> Project:
    (tmp_path / "laguna.toml").write_text("")
    return Project(tmp_path)


def test_a_project_is_found_from_a_folder_inside_it(project: Project) -> None:
    inside = project.folder / "a" / "b"
    inside.mkdir(parents=True)
    assert find_project(inside) == project


def test_a_folder_that_has_nothing_is_a_project_too(tmp_path: Path) -> None:
    assert find_project(tmp_path) == Project(tmp_path)
    assert load_profile("local", Project(tmp_path)).stack_name == "lake-dev"


def test_the_local_profile_has_a_server_an_endpoint_and_its_own_credentials(project: Project) -> None:
    profile = load_profile("local", project, port=4700)
    assert profile.endpoint == "http://127.0.0.1:4700"
    assert profile.server is not None
    assert profile.server.state == project.folder / ".laguna"
    client = profile.client("s3")
    assert client.meta.endpoint_url == profile.endpoint
    assert profile.client("s3") is client


def test_a_profiles_settings_become_the_stacks_name_and_parameters(project: Project) -> None:
    (project.folder / "laguna.toml").write_text('[profiles.local]\nenvironment = "test"\nbucket_name = "x"\n')
    profile = load_profile("local", project)
    assert profile.stack_name == "lake-test"
    assert profile.stack_parameters("abc") == {
        "Environment": "test",
        "BucketName": "x",
        "CodeVersion": "abc",
        "CrawlerPollSeconds": "1",
    }


def test_an_unknown_profile_is_refused_with_those_there_are(project: Project) -> None:
    with pytest.raises(ProfileUnknown, match="'moon'; choose one of: local"):
        load_profile("moon", project)


def test_two_profiles_never_share_a_state_folder(project: Project, tmp_path: Path) -> None:
    for state in (None, tmp_path / "lake"):
        servers = [load_profile(name, project, state=state).server for name in ("local", "localstack")]
        assert len({server.state for server in servers if server}) == 2
        assert [server.s3 for server in servers if server] == ["folder", "localstack"]


def test_an_endpoint_is_used_as_it_is_and_no_server_is_ours(project: Project) -> None:
    profile = load_profile("localstack", project, endpoint="http://laguna:4566")
    assert (profile.server, profile.endpoint) == (None, "http://laguna:4566")


def test_aws_has_no_endpoint_no_credentials_and_no_region_of_ours(project: Project) -> None:
    (project.folder / "laguna.toml").write_text('[profiles.aws]\nbucket_name = "x"\n')
    profile = load_profile("aws", project, port=4700, state=project.folder)
    assert (profile.endpoint, profile.server, profile.credentials, profile.region) == (None, None, {}, None)
    assert profile.asks


def test_aws_takes_no_bucket_name_by_default(project: Project) -> None:
    with pytest.raises(SettingsInvalid, match=r"no bucket_name in \[profiles.aws\]"):
        load_profile("aws", project)


def test_aws_and_a_local_endpoint_together_are_refused(project: Project) -> None:
    with pytest.raises(SettingsInvalid, match="LAGUNA_ENDPOINT is http://laguna:4566, but the profile 'aws'"):
        load_profile("aws", project, endpoint="http://laguna:4566")


def test_parameters_and_tags_come_from_the_settings(project: Project) -> None:
    (project.folder / "laguna.toml").write_text(
        '[profiles.aws]\nbucket_name = "x"\nenvironment = "prod"\ntags = { CostCenter = "a" }\n'
        "[profiles.aws.parameters]\nCrawlerPollSeconds = 3\nLogRetentionDays = 90\n"
    )
    profile = load_profile("aws", project)
    parameters = profile.stack_parameters("abc")
    assert (parameters["CrawlerPollSeconds"], parameters["LogRetentionDays"]) == ("3", "90")
    assert profile.stack_tags() == {
        "lake": "lake-prod",
        "environment": "prod",
        "CostCenter": "a",
    }
    assert profile.protected


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[profiles.local.parameters]\nBucketName = 'x'", "give it as the profile's bucket_name"),
        ("[profiles.local.parameters]\nCodeVersion = 'x'", "'laguna deploy' gives it itself"),
        ("[profiles.local.parameters]\nBudget = true", "it takes texts and numbers"),
        ("[profiles.local.spark]\nmastre = 'x'", "it takes master"),
    ],
)
def test_a_setting_in_the_wrong_place_is_refused(project: Project, text: str, said: str) -> None:
    (project.folder / "laguna.toml").write_text(text)
    with pytest.raises(SettingsInvalid, match=said):
        load_profile("local", project)


@pytest.mark.parametrize("line", ["buckets = 'x'", "environment = 3"])
def test_a_setting_that_is_not_known_or_not_text_is_refused(project: Project, line: str) -> None:
    (project.folder / "laguna.toml").write_text(f"[profiles.local]\n{line}\n")
    with pytest.raises(SettingsInvalid, match=r"it takes environment, bucket_name, region"):
        load_profile("local", project)
