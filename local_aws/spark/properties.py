"""The Spark settings of a job: what Glue would set, and `s3://` on the folders of the object store.

`s3://bucket/key` goes through Hadoop's own ViewFileSystemOverloadScheme, which mounts every bucket on its
folder: no S3 client, no HTTP, no copy. Three things about the mounts are deliberate:

- A target has a scheme of its own, `laguna`, which is Hadoop's RawLocalFileSystem. The default local file
  system leaves a `.x.crc` file beside each file, which would be an object; and `file:` itself must keep
  that default, because `sc.textFile` casts to it.
- A path with a `_temporary`, `.spark-staging-…` or `.hive-staging…` segment, where Spark writes before it
  commits, is mounted on a staging folder outside the bucket. A job that dies half-way leaves nothing
  uncommitted in its bucket, and a commit is a rename on one disk.
- No overload target is configured, so a bucket that does not exist fails; with one, Hadoop would fall
  back to the machine's root folder.

https://hadoop.apache.org/docs/r3.3.4/hadoop-project-dist/hadoop-hdfs/ViewFsOverloadScheme.html
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from pathlib import Path

SCHEMES = ("s3", "s3a", "s3n")
VIEW_FILE_SYSTEM = "org.apache.hadoop.fs.viewfs.ViewFileSystemOverloadScheme"
S3A_FILE_SYSTEM = "org.apache.hadoop.fs.s3a.S3AFileSystem"
RAW_LOCAL_FILE_SYSTEM = "org.apache.hadoop.fs.RawLocalFileSystem"
UNCOMMITTED = r"^(?<folder>/?.*?)/(?<staged>_temporary|\.spark-staging-[^/]*|\.hive-staging[^/]*)"
"""The leading part of a path that Spark has not committed yet."""


def glue_properties(app_name: str, cores: int, master: str = "") -> dict[str, str]:
    """What a job's Spark gets before its own `--conf`: a master, Glue's time zone, no web page.

    Without a `master` its tasks run in the driver. A cluster's workers must be on this machine: they are
    given paths of it, and the driver's address is the loopback.
    """
    return {
        "spark.master": master or f"local[{cores}]",
        "spark.app.name": app_name,
        "spark.driver.host": "127.0.0.1",
        "spark.driver.bindAddress": "127.0.0.1",
        "spark.ui.enabled": "false",
        "spark.ui.showConsoleProgress": "false",
        "spark.sql.session.timeZone": "UTC",
        "spark.sql.catalogImplementation": "in-memory",
        # Spark's 200 is for a cluster; here so many small tasks would only cost time.
        "spark.sql.shuffle.partitions": str(cores * 2),
    }


def metastore_properties(port: int, scratch: Path) -> dict[str, str]:
    """Settings that make Spark's catalog the metastore that listens at `port`."""
    return {
        "spark.sql.catalogImplementation": "hive",
        "spark.hadoop.hive.metastore.uris": f"thrift://127.0.0.1:{port}",
        "spark.hadoop.hive.metastore.client.connect.retry.delay": "1s",
        "spark.hadoop.hive.exec.scratchdir": f"file:{scratch / 'hive'}",
        "spark.hadoop.hive.exec.local.scratchdir": str(scratch / "hive-local"),
        "spark.hadoop.hive.downloaded.resources.dir": str(scratch / "hive-resources"),
        "spark.hadoop.hive.querylog.location": str(scratch / "hive-log"),
    }


def aws_sdk_properties(endpoint: str, region: str, credentials: Mapping[str, str]) -> dict[str, str]:
    """Settings by which AWS's SDK for Java, such as Iceberg's, reaches this AWS, as `credentials`."""
    return {
        "aws.endpointUrl": endpoint,
        "aws.region": region,
        "aws.accessKeyId": credentials.get("AWS_ACCESS_KEY_ID", "test"),
        "aws.secretAccessKey": credentials.get("AWS_SECRET_ACCESS_KEY", "test"),
        **({"aws.sessionToken": token} if (token := credentials.get("AWS_SESSION_TOKEN")) else {}),
    }


def bucket_properties(folders: Mapping[str, Path], staging: Path) -> dict[str, str]:
    """Settings that make `s3://bucket/…` the files of `folders[bucket]`, and stage uncommitted output."""
    properties = {f"spark.hadoop.fs.{scheme}.impl": VIEW_FILE_SYSTEM for scheme in SCHEMES}
    properties["spark.hadoop.fs.laguna.impl"] = RAW_LOCAL_FILE_SYSTEM
    # Staging folder and bucket are two mounts, between which Hadoop refuses to rename by default.
    properties["spark.hadoop.fs.viewfs.rename.strategy"] = "SAME_FILESYSTEM_ACROSS_MOUNTPOINT"
    # Where blocks are does not matter on one machine, and Hadoop cannot say it of the root of a mount.
    properties["spark.sql.sources.ignoreDataLocality"] = "true"
    for bucket, folder in folders.items():
        table = f"spark.hadoop.fs.viewfs.mounttable.{bucket}"
        properties[f"{table}.linkFallback"] = f"laguna://{folder}"
        properties[f"{table}.linkRegex.{UNCOMMITTED}"] = f"laguna://{staging / bucket}${{folder}}/${{staged}}"
    return properties


def s3a_properties(
    endpoint: str, region: str, scratch: Path, *, aws_access_key_id: str, aws_secret_access_key: str
) -> dict[str, str]:
    """Settings that make `s3://` the S3 endpoint, by S3A. See docs/decisions/s3a-on-localstack.md."""
    settings = {
        **{f"{scheme}.impl": S3A_FILE_SYSTEM for scheme in SCHEMES},
        "s3a.endpoint": endpoint,
        "s3a.endpoint.region": region,
        "s3a.path.style.access": "true",
        "s3a.connection.ssl.enabled": "false",
        "s3a.aws.credentials.provider": "org.apache.hadoop.fs.s3a.SimpleAWSCredentialsProvider",
        "s3a.access.key": aws_access_key_id,
        "s3a.secret.key": aws_secret_access_key,
        # S3A makes the folder once for each name that it is given, and a run's is removed with the run.
        "s3a.buffer.dir": str(scratch / f"s3a-{uuid.uuid4()}"),
        # The defaults would have a job wait for minutes for an endpoint that is gone.
        "s3a.attempts.maximum": "3",
        "s3a.retry.limit": "3",
        "s3a.retry.interval": "200ms",
        "s3a.connection.timeout": "60000",
    }
    properties = {f"spark.hadoop.fs.{name}": value for name, value in settings.items()}
    # Version 2 shows a job's files before the job has succeeded.
    properties["spark.hadoop.mapreduce.fileoutputcommitter.algorithm.version"] = "1"
    return properties


def conf_arguments(text: str) -> dict[str, str]:
    """The settings in the value of Glue's `--conf`: `a=b`, or several as `a=b --conf c=d`.

    Raises:
        ValueError: a part has no `=`.
    """
    settings = {}
    for part in text.split("--conf") if text.strip() else ():
        name, equals, value = part.strip().partition("=")
        if not equals or not name:
            raise ValueError(f"'{part.strip()}' in --conf is not of the form name=value")
        settings[name.strip()] = value.strip()
    return settings
