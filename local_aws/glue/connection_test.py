"""TestConnection: enter the database as a job would, by Glue's driver in a JVM of Spark's."""

from __future__ import annotations

import json
import logging
import re
import time
from collections.abc import Callable

from local_aws.caller import Caller
from local_aws.errors import AwsError
from local_aws.glue.catalog.connections import Connections
from local_aws.glue.catalog.errors import invalid
from local_aws.glue.catalog.store import Answer, Request
from local_aws.spark import WarmSpark
from local_aws.spark.jars import GLUE, jars
from local_aws.user_cache import NotInstalled

logger = logging.getLogger(__name__)

Secret = Callable[[str], str]
"""The text of a secret by its name or ARN."""
PATIENCE = 120.0
DRIVERS = {
    "postgresql": "org.postgresql.Driver",
    "mysql": "com.mysql.cj.jdbc.Driver",
    "redshift": "com.amazon.redshift.jdbc42.Driver",
}
URL = re.compile(r"jdbc:(\w+):")


class ConnectionTest:
    """One operation."""

    def __init__(self, connections: Connections, spark: WarmSpark, secret: Secret) -> None:
        self._connections, self._spark, self._secret = connections, spark, secret

    def test_connection(self, request: Request, caller: Caller) -> Answer:
        """Enter the database of a connection, and leave it.

        Raises:
            AwsError: EntityNotFoundException; InvalidInputException with what the database says.
        """
        properties = self._connections.properties(request)
        url = properties["JDBC_CONNECTION_URL"]
        user, password = self._login(properties)
        found = URL.match(url)
        vendor = found[1] if found else ""
        if vendor not in DRIVERS:
            raise invalid(f"Laguna has no driver for {vendor}: it has those of {', '.join(DRIVERS)}.")
        refusal = self._refusal(DRIVERS[vendor], url, user, password)
        if refusal is not None:
            raise invalid(f"The connection failed: {refusal}")
        return {}

    def _login(self, properties: dict[str, str]) -> tuple[str, str]:
        if "SECRET_ID" not in properties:
            return properties["USERNAME"], properties["PASSWORD"]
        try:
            content = json.loads(self._secret(properties["SECRET_ID"]))
            return str(content["username"]), str(content["password"])
        except (ValueError, KeyError, TypeError) as error:
            raise invalid(
                f"The secret {properties['SECRET_ID']} has no JSON with username and password."
            ) from error

    def _refusal(self, driver: str, url: str, user: str, password: str) -> str | None:
        deadline = time.monotonic() + PATIENCE
        try:
            jvm = self._spark.acquire(lambda: time.monotonic() > deadline, (jars(GLUE, logger.info),))
        except NotInstalled as error:
            raise AwsError("InternalServiceException", str(error), 500) from error
        if jvm is None:
            raise AwsError("OperationTimeoutException", "Jobs use every Spark for too long.")
        try:
            return jvm.refusal_of_database(driver, url, user, password)
        finally:
            self._spark.release(jvm, reusable=True)
