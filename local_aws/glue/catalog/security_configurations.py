"""Security configurations: how jobs and crawlers encrypt what they write. Kept; nothing is encrypted here.

https://docs.aws.amazon.com/glue/latest/dg/aws-glue-api-crawler-security.html (November 2026).
"""

from __future__ import annotations

from typing import Any

from local_aws.caller import Caller
from local_aws.glue.catalog.documents import dumps, instant, loads, now
from local_aws.glue.catalog.errors import already_exists, invalid, not_found
from local_aws.glue.catalog.pages import named_page
from local_aws.glue.catalog.store import Answer, CatalogStore, Request
from local_aws.storage.sqlite import Database

MOST = 1000
MODES = {
    "CloudWatchEncryption": "CloudWatchEncryptionMode",
    "JobBookmarksEncryption": "JobBookmarksEncryptionMode",
    "DataQualityEncryption": "DataQualityEncryptionMode",
}


class SecurityConfigurations:
    """Create-, Get- and DeleteSecurityConfiguration, GetSecurityConfigurations."""

    def __init__(self, store: CatalogStore) -> None:
        self._database = store.database

    def create_security_configuration(self, request: Request, caller: Caller) -> Answer:
        """Keep a security configuration.

        Raises:
            AwsError: AlreadyExistsException; InvalidInputException, a mode that needs a key has none.
        """
        name, encryption = request["Name"], request["EncryptionConfiguration"]
        _check(encryption)
        created = instant(now())
        body = {"Name": name, "CreatedTimeStamp": created, "EncryptionConfiguration": encryption}
        with self._database.write() as connection:
            if _find(self._database, name) is not None:
                raise already_exists("Security configuration")
            connection.execute("INSERT INTO security_configuration VALUES (?, ?)", (name, dumps(body)))
        return {"Name": name, "CreatedTimestamp": created}

    def get_security_configuration(self, request: Request, caller: Caller) -> Answer:
        """Show a security configuration."""
        return {"SecurityConfiguration": self._require(request["Name"])}

    def get_security_configurations(self, request: Request, caller: Caller) -> Answer:
        """Show all security configurations."""
        rows = self._database.connection().execute("SELECT name FROM security_configuration")
        names, token = named_page([row["name"] for row in rows], request, MOST)
        return {"SecurityConfigurations": [self._require(name) for name in names], **token}

    def delete_security_configuration(self, request: Request, caller: Caller) -> Answer:
        """Delete a security configuration; jobs that name it cannot be started any more."""
        with self._database.write() as connection:
            name = self._require(request["Name"])["Name"]
            connection.execute("DELETE FROM security_configuration WHERE name = ?", (name,))
        return {}

    def _require(self, name: str) -> dict[str, Any]:
        found = _find(self._database, name)
        if found is None:
            raise not_found(f"Security configuration {name} not found.")
        return found


def check_security_configuration(database: Database, name: str | None) -> None:
    """Refuse the name of a security configuration that is not there; without a name nothing is.

    Raises:
        AwsError: InvalidInputException.
    """
    if name and _find(database, name) is None:
        raise invalid(f"Security configuration {name} not found.")


def _find(database: Database, name: str) -> dict[str, Any] | None:
    query = "SELECT body FROM security_configuration WHERE name = ?"
    row = database.connection().execute(query, (name,)).fetchone()
    return loads(row["body"]) if row else None


def _check(encryption: dict[str, Any]) -> None:
    given = [(one, "S3EncryptionMode") for one in encryption.get("S3Encryption") or []]
    given += [(encryption[part], mode) for part, mode in MODES.items() if encryption.get(part)]
    for one, mode in given:
        if one.get(mode, "").endswith("KMS") and not one.get("KmsKeyArn"):
            raise invalid(f"{mode} {one[mode]} needs a KmsKeyArn.")
