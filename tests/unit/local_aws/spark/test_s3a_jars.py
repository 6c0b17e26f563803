from __future__ import annotations

from pathlib import Path
from xml.etree import ElementTree

import pytest

from local_aws.spark import s3a_jars
from local_aws.spark.properties import s3a_properties
from local_aws.user_cache import NotInstalled


def test_a_given_folder_must_have_exactly_the_pinned_jars(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    for name in s3a_jars.JARS:
        (tmp_path / name).write_bytes(b"another")
    monkeypatch.setenv("LAGUNA_S3A_JARS", str(tmp_path))
    with pytest.raises(NotInstalled, match=r"lacks or has another hadoop-aws-3\.3\.4\.jar"):
        s3a_jars.s3a_jars(print)
    monkeypatch.setattr(s3a_jars, "JARS", {})
    assert s3a_jars.s3a_jars(print) == tmp_path


def test_jars_that_cannot_be_fetched_are_named_with_the_way_out(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.delenv("LAGUNA_S3A_JARS", raising=False)
    monkeypatch.setattr(s3a_jars, "find_java_home", lambda environment: tmp_path / "no-java")
    with pytest.raises(NotInstalled, match=r"hadoop-aws-3\.3\.4\.jar.*LAGUNA_S3A_JARS"):
        s3a_jars.s3a_jars(lambda line: None)


def test_ivy_is_told_of_each_jar_alone() -> None:
    found = ElementTree.fromstring(s3a_jars.ivy_description()).findall(".//dependency")
    assert {(one.get("org"), one.get("name"), one.get("rev")) for one in found} == {
        ("org.apache.hadoop", "hadoop-aws", "3.3.4"),
        ("com.amazonaws", "aws-java-sdk-core", "1.12.262"),
        ("com.amazonaws", "aws-java-sdk-s3", "1.12.262"),
        ("com.amazonaws", "aws-java-sdk-dynamodb", "1.12.262"),
    }
    assert {one.get("transitive") for one in found} == {"false"}


def test_each_run_of_a_jvm_has_a_buffer_of_its_own() -> None:
    names = {
        s3a_properties(
            "http://127.0.0.1:1", "us-east-1", Path("/s"), aws_access_key_id="a", aws_secret_access_key="b"
        )["spark.hadoop.fs.s3a.buffer.dir"]
        for _ in range(2)
    }
    assert len(names) == 2
