"""Settings of the catalog as a whole: resource policy, encryption, import from Athena.

They are kept and shown. A resource policy is not enforced, and nothing on this machine is encrypted.
"""

from __future__ import annotations

import hashlib
import json
from datetime import UTC, datetime
from typing import Any

from local_aws.caller import Caller
from local_aws.errors import AwsError
from local_aws.glue.catalog.documents import dumps, instant, loads, now
from local_aws.glue.catalog.errors import invalid, not_found
from local_aws.glue.catalog.store import Answer, CatalogStore, Request

_POLICY, _ENCRYPTION = "resource_policy", "encryption"
_NOT_ENCRYPTED = {
    "EncryptionAtRest": {"CatalogEncryptionMode": "DISABLED"},
    "ConnectionPasswordEncryption": {"ReturnConnectionPasswordEncrypted": False},
}


class CatalogSettings:
    """Resource policy, data catalog encryption settings, GetCatalogImportStatus."""

    def __init__(self, store: CatalogStore) -> None:
        self._store = store

    def put_resource_policy(self, request: Request, caller: Caller) -> Answer:
        """Put the catalog's policy and return its hash.

        Raises:
            AwsError: InvalidInputException, it is no JSON object; ConditionCheckFailureException,
                `PolicyHashCondition` or `PolicyExistsCondition` is not met.
        """
        text = request["PolicyInJson"]
        self._refuse_table_policy(request)
        _require_json_object(text)
        with self._store.database.write():
            old = self._read(_POLICY)
            _check_conditions(old, request)
            created = old["created"] if old else now()
            self._write(_POLICY, {"text": text, "created": created, "updated": now()})
        return {"PolicyHash": _hash(text)}

    def get_resource_policy(self, request: Request, caller: Caller) -> Answer:
        """Return the catalog's policy."""
        self._refuse_table_policy(request)
        policy = self._read(_POLICY)
        if policy is None:
            raise not_found("Policy not found")
        return _shown(policy)

    def get_resource_policies(self, request: Request, caller: Caller) -> Answer:
        """Return the catalog's policy, when there is one, as a list."""
        policy = self._read(_POLICY)
        return {"GetResourcePoliciesResponseList": [_shown(policy)] if policy else []}

    def delete_resource_policy(self, request: Request, caller: Caller) -> Answer:
        """Delete the catalog's policy."""
        self._refuse_table_policy(request)
        with self._store.database.write() as connection:
            old = self._read(_POLICY)
            if old is None:
                raise not_found("Policy not found")
            _check_conditions(old, request)
            connection.execute("DELETE FROM catalog_setting WHERE name = ?", (_POLICY,))
        return {}

    def put_data_catalog_encryption_settings(self, request: Request, caller: Caller) -> Answer:
        """Keep the encryption settings."""
        self._store.check_catalog(request)
        self._write(_ENCRYPTION, request["DataCatalogEncryptionSettings"])
        return {}

    def get_data_catalog_encryption_settings(self, request: Request, caller: Caller) -> Answer:
        """Return the encryption settings, AWS's defaults when none were put."""
        self._store.check_catalog(request)
        return {"DataCatalogEncryptionSettings": {**_NOT_ENCRYPTED, **(self._read(_ENCRYPTION) or {})}}

    def get_catalog_import_status(self, request: Request, caller: Caller) -> Answer:
        """Say that the catalog is Glue's: there was never a catalog of Athena's own to import here."""
        self._store.check_catalog(request)
        return {"ImportStatus": {"ImportCompleted": True, "ImportTime": datetime(2017, 8, 14, tzinfo=UTC)}}

    def _refuse_table_policy(self, request: Request) -> None:
        arn = request.get("ResourceArn")
        catalog = f"arn:aws:glue:{self._store.region}:{self._store.account_id}:catalog"
        if arn and arn != catalog:
            raise invalid(f"A resource policy is only for the catalog, {catalog}, not for {arn}.")

    def _read(self, name: str) -> Any:
        row = (
            self._store.read().execute("SELECT body FROM catalog_setting WHERE name = ?", (name,)).fetchone()
        )
        return loads(row["body"]) if row else None

    def _write(self, name: str, body: dict[str, Any]) -> None:
        with self._store.database.write() as connection:
            connection.execute("INSERT OR REPLACE INTO catalog_setting VALUES (?, ?)", (name, dumps(body)))


def _shown(policy: dict[str, Any]) -> Answer:
    return {
        "PolicyInJson": policy["text"],
        "PolicyHash": _hash(policy["text"]),
        "CreateTime": instant(policy["created"]),
        "UpdateTime": instant(policy["updated"]),
    }


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:32]


def _require_json_object(text: str) -> None:
    try:
        document = json.loads(text)
    except ValueError as error:
        raise invalid(f"The policy is not JSON: {error}") from error
    if not isinstance(document, dict):
        raise invalid("The policy is not a JSON object.")


def _check_conditions(old: dict[str, Any] | None, request: Request) -> None:
    exists = request.get("PolicyExistsCondition", "NONE")
    if (exists == "MUST_EXIST" and old is None) or (exists == "NOT_EXIST" and old is not None):
        raise AwsError("ConditionCheckFailureException", f"PolicyExistsCondition {exists} is not met.")
    wanted = request.get("PolicyHashCondition")
    if wanted and (old is None or _hash(old["text"]) != wanted):
        raise AwsError("ConditionCheckFailureException", "PolicyHashCondition is not met.")
