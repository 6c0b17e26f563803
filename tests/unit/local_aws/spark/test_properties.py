from __future__ import annotations

import re
from pathlib import Path

import pytest

from local_aws.spark.java import NoJava, find_java_home, java_version
from local_aws.spark.properties import UNCOMMITTED, bucket_properties, conf_arguments


def test_a_bucket_is_mounted_on_its_folder_and_its_uncommitted_files_elsewhere() -> None:
    made = bucket_properties({"lake": Path("/s3/lake")}, Path("/tmp/staging"))
    table = "spark.hadoop.fs.viewfs.mounttable.lake"
    assert made[f"{table}.linkFallback"] == "laguna:///s3/lake"
    assert made[f"{table}.linkRegex.{UNCOMMITTED}"] == "laguna:///tmp/staging/lake${folder}/${staged}"
    # Without it Spark lists the root of a bucket in a way that Hadoop's mounts fail at.
    assert made["spark.sql.sources.ignoreDataLocality"] == "true"


@pytest.mark.parametrize(
    ("path", "folder", "staged"),
    [
        ("/a/b/_temporary/0/x", "/a/b", "_temporary"),
        ("/a/.spark-staging-1f/_temporary/0", "/a", ".spark-staging-1f"),
        ("/a/.hive-staging_hive_1/-ext-10000/part-0", "/a", ".hive-staging_hive_1"),
        ("/_temporary", "", "_temporary"),
    ],
)
def test_what_spark_has_not_committed_is_recognised(path: str, folder: str, staged: str) -> None:
    found = re.match(UNCOMMITTED.replace("?<", "?P<"), path)
    assert found is not None
    assert (found["folder"], found["staged"]) == (folder, staged)


def test_several_settings_are_one_argument() -> None:
    assert conf_arguments("a=b --conf c=d=e --conf  f= ") == {"a": "b", "c": "d=e", "f": ""}
    assert conf_arguments("") == {}


@pytest.mark.parametrize("text", ["a", "a=b --conf c", "=b"])
def test_a_setting_without_a_value_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="name=value"):
        conf_arguments(text)


def java(home: Path, version: str) -> Path:
    (home / "bin").mkdir(parents=True)
    (home / "bin" / "java").touch(mode=0o755)
    (home / "release").write_text(f'IMPLEMENTOR="x"\nJAVA_VERSION="{version}"\n')
    return home


def test_only_java_17_is_taken_from_the_machine(tmp_path: Path) -> None:
    newer, right = java(tmp_path / "21", "21.0.1"), java(tmp_path / "17", "17.0.9")
    environment = {"JAVA_HOME": str(newer), "PATH": str(right / "bin")}
    assert find_java_home(environment) == right
    assert java_version(tmp_path / "nothing") is None


def test_without_java_the_error_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("local_aws.spark.java._candidates", lambda environment: iter(()))
    with pytest.raises(NoJava, match="Install Java 17"):
        find_java_home({})
