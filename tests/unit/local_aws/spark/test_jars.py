from __future__ import annotations

from hashlib import sha256
from pathlib import Path
from xml.etree import ElementTree

import pytest

from local_aws.spark import jars
from local_aws.spark.jars import DELTA, GLUE, ICEBERG, S3A, JarSet
from local_aws.spark.properties import s3a_properties
from local_aws.user_cache import NotInstalled


def test_a_given_folder_must_have_exactly_the_pinned_jars(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    for name in S3A.files:
        (tmp_path / name).write_bytes(b"another")
    monkeypatch.setenv("LAGUNA_S3A_JARS", str(tmp_path))
    with pytest.raises(NotInstalled, match=r"lacks or has another hadoop-aws-3\.3\.4\.jar"):
        jars.jars(S3A, print)
    digest = sha256(b"another").hexdigest()
    same = JarSet("s", "S", "LAGUNA_S3A_JARS", 1, {"org.apache.hadoop:hadoop-aws:3.3.4": digest})
    assert jars.jars(same, print) == tmp_path


def test_jars_that_cannot_be_fetched_are_named_with_the_way_out(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.delenv("LAGUNA_S3A_JARS", raising=False)
    monkeypatch.setattr(jars, "find_java_home", lambda environment: tmp_path / "no-java")
    with pytest.raises(NotInstalled, match=r"hadoop-aws-3\.3\.4\.jar.*LAGUNA_S3A_JARS"):
        jars.jars(S3A, lambda line: None)


def test_ivy_is_told_of_each_jar_alone() -> None:
    found = ElementTree.fromstring(jars.ivy_description(S3A)).findall(".//dependency")
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


@pytest.mark.parametrize("one", [S3A, ICEBERG, DELTA, GLUE])
def test_every_jar_is_pinned_by_its_digest(one: JarSet) -> None:
    assert all(len(bytes.fromhex(digest)) == 32 for digest in one.files.values())
    assert all(name.endswith(".jar") for name in one.files)
