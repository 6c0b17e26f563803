"""Reading and writing databases by JDBC: PostgreSQL, MySQL and Redshift, whose drivers Glue brings.

A database is named by `connection_options` (url, user, password, or a secret) or by a connection of the Data
Catalog. Spark's own JDBC source does the work.
https://docs.aws.amazon.com/glue/latest/dg/aws-glue-programming-etl-connect-jdbc-home.html
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import boto3
from pyspark.sql import DataFrame, SparkSession

from awsglue.missing import not_there

DRIVERS = {
    "postgresql": "org.postgresql.Driver",
    "mysql": "com.mysql.cj.jdbc.Driver",
    "redshift": "com.amazon.redshift.jdbc42.Driver",
}
"""By the connection type, which is also the scheme of the URL."""
ELSEWHERE = ("sqlserver", "oracle")
"""Engines whose drivers Glue has, and Laguna has not."""
HASHES = {
    "postgresql": "mod(abs(hashtext(({field})::text)), {number})",
    "redshift": "mod(abs(strtol(left(md5(({field})::varchar), 7), 16)), {number})",
    "mysql": "mod(crc32({field}), {number})",
}
READING = frozenset(
    {
        "url", "user", "password", "dbtable", "query", "sampleQuery", "hashfield", "hashexpression",
        "hashpartitions", "useConnectionProperties", "connectionName", "secretId", "database", "fetchsize",
        "redshiftTmpDir", "aws_iam_user", "customJdbcDriverClassName", "enablePartitioningForSampleQuery",
        "jobBookmarkKeys", "jobBookmarkKeysSortOrder",
    }
)  # fmt: skip
WRITING = frozenset(
    {
        "url", "user", "password", "dbtable", "useConnectionProperties", "connectionName", "secretId",
        "database", "bulkSize", "batchsize", "preactions", "postactions", "redshiftTmpDir", "aws_iam_user",
        "customJdbcDriverClassName", "overwrite",
    }
)  # fmt: skip
PARTITIONS = 7
"""What Glue reads with when only a hash field is given."""
URL = re.compile(r"jdbc:(?P<vendor>\w+):(?://)?(?P<rest>.*)")


@dataclass(frozen=True, slots=True)
class Place:
    """A database, and who enters it."""

    url: str
    user: str
    password: str

    @property
    def vendor(self) -> str:
        """The scheme after `jdbc:`.

        Raises:
            ValueError: the URL is none.
        """
        found = URL.fullmatch(self.url)
        if found is None:
            raise ValueError(f"'{self.url}' is no JDBC URL")
        return found["vendor"]

    def properties(self, driver: str = "") -> dict[str, str]:
        """What Spark's JDBC source is told.

        Raises:
            NotImplementedError: there is no driver for the engine.
        """
        if not driver and self.vendor not in DRIVERS:
            raise not_there(f"JDBC to {self.vendor} without customJdbcDriverClassName and --extra-jars")
        return {
            "url": self.url,
            "user": self.user,
            "password": self.password,
            "driver": driver or DRIVERS[self.vendor],
        }


def is_jdbc(connection_type: str) -> bool:
    """Whether a connection type is a database's.

    Raises:
        NotImplementedError: it is one for which there is no driver.
    """
    if connection_type in ELSEWHERE:
        raise not_there(f"the connection type '{connection_type}'")
    return connection_type in (*DRIVERS, "jdbc", "custom.jdbc")


def read(spark: SparkSession, options: Mapping[str, Any]) -> DataFrame:
    """The rows of `dbtable` or of a query, in `hashpartitions` parts when a hash is given."""
    _refuse(options, READING)
    place = place_of(options)
    settings = place.properties(str(options.get("customJdbcDriverClassName") or ""))
    query = options.get("sampleQuery") or options.get("query")
    wanted = f"({query}) AS sampled" if query else _table(options)
    if "fetchsize" in options:
        settings["fetchsize"] = str(options["fetchsize"])
    predicates = _predicates(place.vendor, options)
    if predicates:
        return spark.read.jdbc(place.url, wanted, predicates=predicates, properties=settings)
    return spark.read.format("jdbc").options(dbtable=wanted, **settings).load()


def write(spark: SparkSession, frame: DataFrame, options: Mapping[str, Any]) -> None:
    """Add rows to `dbtable`, made when it is not there, between `preactions` and `postactions`."""
    _refuse(options, WRITING)
    place = place_of(options)
    settings = place.properties(str(options.get("customJdbcDriverClassName") or ""))
    _run(spark, settings, str(options.get("preactions") or ""))
    size = str(options.get("bulkSize") or options.get("batchsize") or 1000)
    mode = "overwrite" if str(options.get("overwrite", "false")).lower() == "true" else "append"
    writer = frame.write.format("jdbc").options(dbtable=_table(options), batchsize=size, **settings)
    writer.option("truncate", "true").mode(mode).save()
    _run(spark, settings, str(options.get("postactions") or ""))


def table_options(name: str, location: str, options: Mapping[str, Any]) -> dict[str, Any]:
    """The options for a catalog table of the connection `name`, whose location is `database.schema.table`."""
    database, _, table = location.partition(".")
    return {"connectionName": name, "database": database, "dbtable": table, **options}


def place_of(options: Mapping[str, Any]) -> Place:
    """The database that options name, by themselves or by a connection of the Data Catalog.

    Raises:
        ValueError: they name none.
    """
    name = options.get("connectionName")
    if name:
        place = connection(str(name), str(options.get("database") or ""))
        return Place(str(options.get("url") or place.url), place.user, place.password)
    url = options.get("url")
    if not url:
        raise ValueError("connection_options has neither 'url' nor 'connectionName'")
    if options.get("secretId"):
        user, password = secret(str(options["secretId"]))
        return Place(str(url), user, password)
    return Place(str(url), str(options.get("user") or ""), str(options.get("password") or ""))


def connection(name: str, database: str = "") -> Place:
    """The database of a connection of the Data Catalog, or another database of the same server.

    Raises:
        ValueError: the connection is not of JDBC.
    """
    found = boto3.client("glue").get_connection(Name=name)["Connection"]
    properties = found["ConnectionProperties"]
    if "JDBC_CONNECTION_URL" not in properties:
        raise ValueError(f"The connection {name} of type {found['ConnectionType']} is not of JDBC.")
    user, password = properties.get("USERNAME", ""), properties.get("PASSWORD", "")
    if properties.get("SECRET_ID"):
        user, password = secret(properties["SECRET_ID"])
    url = properties["JDBC_CONNECTION_URL"]
    if database:
        base = url.partition("?")
        url = f"{base[0].rsplit('/', 1)[0]}/{database}{base[1]}{base[2]}"
    return Place(url, user, password)


def secret(name: str) -> tuple[str, str]:
    """User and password of a secret of Secrets Manager."""
    text = boto3.client("secretsmanager").get_secret_value(SecretId=name)["SecretString"]
    content = json.loads(text)
    return str(content["username"]), str(content["password"])


def extract(name: str) -> dict[str, Any]:
    """What `extract_jdbc_conf` says of a connection; `url` is without the database, `fullUrl` with it."""
    place = connection(name)
    full = place.url
    parts = urlsplit(full.removeprefix("jdbc:"))
    return {
        "enforceSSL": "false",
        "fullUrl": full,
        "url": f"jdbc:{parts.scheme}://{parts.netloc}" if parts.netloc else full,
        "host": parts.hostname or "",
        "port": str(parts.port or ""),
        "user": place.user,
        "password": place.password,
        "vendor": place.vendor,
        "skipCustomJDBCCertValidation": "false",
        "customJDBCCert": "",
        "customJDBCCertString": "",
    }


def _table(options: Mapping[str, Any]) -> str:
    table = options.get("dbtable")
    if not table:
        raise ValueError("connection_options has no 'dbtable'")
    return str(table)


def _predicates(vendor: str, options: Mapping[str, Any]) -> list[str]:
    number = int(options.get("hashpartitions") or PARTITIONS)
    expression, field = options.get("hashexpression"), options.get("hashfield")
    if field and vendor in HASHES:
        expression = HASHES[vendor].format(field=field, number=number)
    elif expression:
        expression = f"mod(abs({expression}), {number})"
    if not expression:
        return []
    counted = [f"{expression} = {part}" for part in range(number)]
    return [*counted[:-1], f"{counted[-1]} OR ({field or options['hashexpression']}) IS NULL"]


def _run(spark: SparkSession, settings: Mapping[str, str], statements: str) -> None:
    """Run statements, separated by semicolons, in one transaction."""
    if not statements.strip():
        return
    jvm: Any = spark._jvm
    properties = jvm.java.util.Properties()
    for name in ("user", "password"):
        properties.setProperty(name, settings[name])
    registry = jvm.org.apache.spark.sql.execution.datasources.jdbc.DriverRegistry
    registry.register(settings["driver"])
    opened = registry.get(settings["driver"]).connect(settings["url"], properties)
    try:
        opened.setAutoCommit(False)
        opened.createStatement().execute(statements)
        opened.commit()
    finally:
        opened.close()


def _refuse(options: Mapping[str, Any], known: frozenset[str]) -> None:
    for name in options:
        if name not in known:
            raise not_there(f"the JDBC option '{name}'")
