"""The jars that PySpark's wheel lacks, in sets that are fetched once: pinned, and none but these.

Ivy, which is in PySpark's jars and knows its repository, fetches them. Each set has a variable that names a
folder which has them already, as an image does or a machine without a network.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from xml.sax.saxutils import quoteattr

from local_aws.spark.java import NoJava, find_java_home
from local_aws.spark.launch import JvmFailed, spark_home
from local_aws.user_cache import NotInstalled, Say, complete, installed

FETCH_SECONDS = 600.0


@dataclass(frozen=True, slots=True)
class JarSet:
    """Jars that are used together. `digests` has the SHA-256 of each `organisation:name:revision`."""

    name: str
    """Of the folder in the cache: another one for other revisions."""
    title: str
    variable: str
    megabytes: int
    digests: Mapping[str, str]

    @property
    def files(self) -> dict[str, str]:
        """SHA-256 by file name."""
        return {file_name(one): digest for one, digest in self.digests.items()}


# hadoop-aws of PySpark's Hadoop line and the three SDK modules that it touches, instead of the 280 MB bundle
# that it names. Its error handling names classes of DynamoDB's, without a table ever being used.
S3A = JarSet(
    "s3a-3.3.4-1.12.262",
    "Spark's S3A",
    "LAGUNA_S3A_JARS",
    5,
    {
        "org.apache.hadoop:hadoop-aws:3.3.4": "53f9ae03c681a30a50aa17524bd9790ab596b28481858e54efd989a826ed3a4a",
        "com.amazonaws:aws-java-sdk-core:1.12.262": "06fed99f929c389e168278c1b111aaf1afb270d07202fbbce92e73d1e4279678",
        "com.amazonaws:aws-java-sdk-s3:1.12.262": "a0cb7580178bc0d4d3558295a5bb890008478da8a6b3241989c71238b0ed3be5",
        "com.amazonaws:aws-java-sdk-dynamodb:1.12.262": "7af4ba06d0d9b3c2ab435089caecd0567810d203aa285f7aa72861f1964d442e",
    },
)
# Glue 5.1's Iceberg: https://docs.aws.amazon.com/glue/latest/dg/aws-glue-programming-etl-format-iceberg.html
ICEBERG = JarSet(
    "iceberg-1.10.0",
    "Iceberg for Spark",
    "LAGUNA_ICEBERG_JARS",
    112,
    {
        "org.apache.iceberg:iceberg-spark-runtime-3.5_2.12:1.10.0": (
            "70f9471870b2d456167d703c829f098a446b86bb1379eee338c0efa03a341026"
        ),
        "org.apache.iceberg:iceberg-aws-bundle:1.10.0": (
            "172370cfc32a5f1ae5399b210e86fc04a366dc29a112d97ac8ffc74df7525596"
        ),
    },
)
# Glue 5.1's Delta Lake: https://docs.aws.amazon.com/glue/latest/dg/aws-glue-programming-etl-format-delta-lake.html
DELTA = JarSet(
    "delta-3.3.2",
    "Delta Lake for Spark",
    "LAGUNA_DELTA_JARS",
    8,
    {
        "io.delta:delta-spark_2.12:3.3.2": "4e92085d5d794cf949c50bb665b91384857cad58680c2d0bfc9c7ad353e98e85",
        "io.delta:delta-storage:3.3.2": "c096975a2ca97ccc9b4005aa5cce16c9ac3903139d340da6665b66ace67d7c36",
    },
)

# What Glue's Spark has beside: drivers of databases, Avro, XML.
GLUE = JarSet(
    "glue-1",
    "Glue's JDBC drivers, Avro and XML for Spark",
    "LAGUNA_GLUE_JARS",
    6,
    {
        "org.postgresql:postgresql:42.7.8": "2a32a9dcbc42d67a50ad3a0de5efd102c8d2be46720045f2cbd6689f160ab7c7",
        "com.mysql:mysql-connector-j:9.4.0": "49ed93c8b2bea9cb0929b85a8a28837b191d0f8eac6919fdcef16e36e2cd53b3",
        "com.amazon.redshift:redshift-jdbc42:2.1.0.33": "a780fcd4ece767d956850fa6c386bbb6f02176f87714c05b4c5ca6a98b7c1a78",
        "org.apache.spark:spark-avro_2.12:3.5.6": "933ab859ec96aca9b4628b26e1b9ac4e67156f38f6936fb495d7df1486f6ee24",
        "com.databricks:spark-xml_2.12:0.18.0": "439c130f5d62424171c14120253363679a89fdacfc9a53bdba8dd71e240db4f9",
        "org.glassfish.jaxb:txw2:3.0.2": "b4bcf94fb0a759456e2521724513baec94b78e93127544af162e3cff08d93343",
        "org.apache.ws.xmlschema:xmlschema-core:2.3.0": "ab4ca02ae5634caf114161e40df94cb7e6bec2b33d372d46bd78189a4cb27dfa",
    },
)


def there(wanted: JarSet) -> Path | None:
    """The folder of a set that needs no fetching; None when it does. What was fetched was looked at then."""
    given = os.environ.get(wanted.variable)
    if not given:
        return complete(wanted.name)
    return None if wrong_jars(wanted, Path(given)) else Path(given)


def jars(wanted: JarSet, say: Say) -> Path:
    """The folder with exactly the jars of a set; fetches them the first time.

    Raises:
        NotInstalled: they cannot be fetched, or are not what they should be.
    """
    given = os.environ.get(wanted.variable)
    if given:
        wrong = wrong_jars(wanted, Path(given))
        if wrong:
            raise NotInstalled(
                f"{wanted.variable} is {given}, which lacks or has another {', '.join(wrong)}."
            )
        return Path(given)
    return installed(wanted.name, lambda folder: _fetch(wanted, folder, say))


def file_name(coordinates: str) -> str:
    """The file of `organisation:name:revision`."""
    _, name, revision = coordinates.split(":")
    return f"{name}-{revision}.jar"


def wrong_jars(wanted: JarSet, folder: Path) -> list[str]:
    """The jars that are missing in `folder`, or are others than the pinned ones."""
    return [name for name, digest in wanted.files.items() if _digest(folder / name) != digest]


def _digest(path: Path) -> str:
    return sha256(path.read_bytes()).hexdigest() if path.exists() else ""


def _fetch(wanted: JarSet, folder: Path, say: Say) -> None:
    say(f"Fetching {wanted.title} in {folder} (once; {len(wanted.digests)} jars, {wanted.megabytes} MB)")
    description = folder / "ivy.xml"
    description.write_text(ivy_description(wanted), encoding="utf-8")
    try:
        ivy = next((spark_home() / "jars").glob("ivy-*.jar"))
        java = find_java_home(os.environ) / "bin" / "java"
        words = [
            "-ivy", str(description), "-cache", str(folder / "ivy"), "-confs", "default",
            # A bundle is a jar with more in its manifest.
            "-types", "jar", "bundle", "-retrieve", str(folder / "[artifact]-[revision].[ext]"),
        ]  # fmt: skip
        done = subprocess.run(
            [str(java), "-jar", str(ivy), *words],
            capture_output=True, text=True, check=False, timeout=FETCH_SECONDS, stdin=subprocess.DEVNULL,
        )  # fmt: skip
        why = next(
            (line.strip() for line in done.stdout.splitlines() if "::::" in line), "Ivy gave no reason"
        )
    except (NoJava, JvmFailed, OSError, subprocess.TimeoutExpired) as error:
        why = str(error)
    wrong = wrong_jars(wanted, folder)
    if wrong:
        raise NotInstalled(
            f"{wanted.title} could not be fetched: {', '.join(wrong)} ({why}). Check the network and try "
            f"again, or name a folder that has the jars in {wanted.variable}."
        )
    shutil.rmtree(folder / "ivy", ignore_errors=True)
    say(f"{wanted.title} is there")


def ivy_description(wanted: JarSet) -> str:
    """The jars as Ivy is told of them, each alone: what else they need is in PySpark."""
    dependencies = "".join(
        f"<dependency org={quoteattr(organisation)} name={quoteattr(name)} "
        f'rev={quoteattr(revision)} transitive="false" conf="default-&gt;master"/>'
        for organisation, name, revision in (one.split(":") for one in wanted.digests)
    )
    info = f'<info organisation="laguna" module={quoteattr(wanted.name)}/>'
    return f'<ivy-module version="2.0">{info}<dependencies>{dependencies}</dependencies></ivy-module>'
