from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.errors import ProfileUnknown, ProjectNotFound, SettingsInvalid
from pipeline.profiles import load_profile
from pipeline.project import Project, find_project


@pytest.fixture
def project(tmp_path: Path) -> Project:
    (tmp_path / "laguna.toml").write_text("")
    return Project(tmp_path)


def test_a_project_is_found_from_a_folder_inside_it(project: Project) -> None:
    inside = project.folder / "a" / "b"
    inside.mkdir(parents=True)
    assert find_project(inside) == project


def test_outside_a_project_the_error_names_the_folder(tmp_path: Path) -> None:
    with pytest.raises(ProjectNotFound, match=str(tmp_path)):
        find_project(tmp_path)


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
    assert profile.stack_name == "energy-datalake-test"
    assert profile.stack_parameters("abc") == {
        "Environment": "test",
        "BucketName": "x",
        "CodeVersion": "abc",
        "CrawlerPollSeconds": "1",
    }


def test_an_unknown_profile_is_refused_with_those_there_are(project: Project) -> None:
    with pytest.raises(ProfileUnknown, match="'moon'; choose one of: local"):
        load_profile("moon", project)


@pytest.mark.parametrize("line", ["buckets = 'x'", "environment = 3"])
def test_a_setting_that_is_not_known_or_not_text_is_refused(project: Project, line: str) -> None:
    (project.folder / "laguna.toml").write_text(f"[profiles.local]\n{line}\n")
    with pytest.raises(SettingsInvalid, match=r"it takes environment, bucket_name, region"):
        load_profile("local", project)
