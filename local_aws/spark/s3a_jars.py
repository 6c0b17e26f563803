"""The jars that Spark needs for S3A and PySpark's wheel lacks, fetched once.

They are hadoop-aws of PySpark's Hadoop line and the three SDK modules that it touches (5 MB), instead of the
280 MB bundle that it names. Ivy, which is in PySpark's jars and knows its repository, fetches them.
`LAGUNA_S3A_JARS` names a folder that has them already, as an image does.
"""

from __future__ import annotations

import os
import subprocess
from hashlib import sha256
from pathlib import Path
from xml.sax.saxutils import quoteattr

from local_aws.spark.java import NoJava, find_java_home
from local_aws.spark.launch import JvmFailed, spark_home
from local_aws.user_cache import NotInstalled, Say, installed

HADOOP = "3.3.4"
SDK = "1.12.262"
JARS = {
    f"hadoop-aws-{HADOOP}.jar": "53f9ae03c681a30a50aa17524bd9790ab596b28481858e54efd989a826ed3a4a",
    f"aws-java-sdk-core-{SDK}.jar": "06fed99f929c389e168278c1b111aaf1afb270d07202fbbce92e73d1e4279678",
    f"aws-java-sdk-s3-{SDK}.jar": "a0cb7580178bc0d4d3558295a5bb890008478da8a6b3241989c71238b0ed3be5",
    # S3A's error handling names classes of it, without a table of DynamoDB ever being used.
    f"aws-java-sdk-dynamodb-{SDK}.jar": "7af4ba06d0d9b3c2ab435089caecd0567810d203aa285f7aa72861f1964d442e",
}
"""File names and SHA-256."""
ORGANISATIONS = {"hadoop": "org.apache.hadoop", "aws": "com.amazonaws"}
FETCH_SECONDS = 600.0


def s3a_jars(say: Say) -> Path:
    """The folder with exactly the jars of S3A; fetches them the first time.

    Raises:
        NotInstalled: they cannot be fetched, or are not what they should be.
    """
    given = os.environ.get("LAGUNA_S3A_JARS")
    if given:
        wrong = wrong_jars(Path(given))
        if wrong:
            raise NotInstalled(f"LAGUNA_S3A_JARS is {given}, which lacks or has another {', '.join(wrong)}.")
        return Path(given)
    return installed(f"s3a-{HADOOP}-{SDK}", lambda folder: _fetch(folder, say))


def wrong_jars(folder: Path) -> list[str]:
    """The jars that are missing in `folder`, or are others than the pinned ones."""
    return [name for name, digest in JARS.items() if _digest(folder / name) != digest]


def _digest(path: Path) -> str:
    return sha256(path.read_bytes()).hexdigest() if path.exists() else ""


def _fetch(folder: Path, say: Say) -> None:
    say(f"Fetching Spark's S3A in {folder} (once; {len(JARS)} jars, 5 MB)")
    description = folder / "ivy.xml"
    description.write_text(ivy_description(), encoding="utf-8")
    try:
        ivy = next((spark_home() / "jars").glob("ivy-*.jar"))
        java = find_java_home(os.environ) / "bin" / "java"
        options = {"-ivy": description, "-cache": folder / "ivy", "-types": "jar", "-confs": "default"}
        pattern = ("-retrieve", folder / "[artifact]-[revision].[ext]")
        words = [str(word) for option in (*options.items(), pattern) for word in option]
        done = subprocess.run(
            [str(java), "-jar", str(ivy), *words],
            capture_output=True, text=True, check=False, timeout=FETCH_SECONDS, stdin=subprocess.DEVNULL,
        )  # fmt: skip
        why = next(
            (line.strip() for line in done.stdout.splitlines() if "::::" in line), "Ivy gave no reason"
        )
    except (NoJava, JvmFailed, OSError, subprocess.TimeoutExpired) as error:
        why = str(error)
    wrong = wrong_jars(folder)
    if wrong:
        raise NotInstalled(
            f"Spark's S3A jars could not be fetched: {', '.join(wrong)} ({why}). Check the network and try "
            "again, or name a folder that has them in LAGUNA_S3A_JARS."
        )
    say("Spark's S3A is there")


def ivy_description() -> str:
    """The jars as Ivy is told of them, each alone: what else they need is in PySpark."""
    dependencies = "".join(
        f"<dependency org={quoteattr(ORGANISATIONS[name.split('-')[0]])} name={quoteattr(name)} "
        f'rev={quoteattr(revision)} transitive="false" conf="default-&gt;master"/>'
        for name, revision in (file.removesuffix(".jar").rsplit("-", 1) for file in JARS)
    )
    info = '<info organisation="laguna" module="s3a"/>'
    return f'<ivy-module version="2.0">{info}<dependencies>{dependencies}</dependencies></ivy-module>'
