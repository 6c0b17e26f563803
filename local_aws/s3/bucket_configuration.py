"""The configuration calls of a bucket: one table, a row a document, and a handler for each verb.

Documents are checked, stored and given back; what they switch on (expiry, replication, events, …) is not
done here: `docs/support/s3.md` says which. What S3 answers where nothing was stored is in the table too.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

from local_aws.caller import Caller
from local_aws.errors import AwsError
from local_aws.s3 import bucket_documents as documents
from local_aws.s3.bucket_settings import BucketSettings
from local_aws.s3.errors import invalid_request, malformed_xml
from local_aws.s3.folder_store import FolderStore

Handler = Callable[[dict[str, Any], Caller], dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Kind:
    """One document that a bucket may have."""

    name: str
    """Its row's, in `bucket_settings`."""
    operations: str
    """The operations' common ending: `bucket_cors` for `put_bucket_cors`."""
    member: str
    """The request's member that holds it."""
    validate: documents.Validate
    absent: tuple[str, str] | dict[str, Any]
    """S3's error where there is none, or the document it answers with."""
    wrapped: bool = False
    """Whether answers hold the document as a member, rather than its members."""
    delete: str = ""
    """The delete operation where its name differs."""
    beside: tuple[str, str] | None = None
    """A header that belongs to the document, and its default; answers to a put tell it too."""


KINDS = (
    Kind(
        "encryption",
        "bucket_encryption",
        "ServerSideEncryptionConfiguration",
        documents.encryption,
        {
            "Rules": [
                {"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "AES256"}, "BucketKeyEnabled": False}
            ]
        },
        wrapped=True,
    ),
    Kind(
        "public_access",
        "public_access_block",
        "PublicAccessBlockConfiguration",
        documents.public_access,
        ("NoSuchPublicAccessBlockConfiguration", "The public access block configuration was not found"),
        wrapped=True,
    ),
    Kind(
        "ownership",
        "bucket_ownership_controls",
        "OwnershipControls",
        documents.ownership,
        ("OwnershipControlsNotFoundError", "The bucket ownership controls were not found"),
        wrapped=True,
    ),
    Kind(
        "replication",
        "bucket_replication",
        "ReplicationConfiguration",
        documents.unchanged,
        ("ReplicationConfigurationNotFoundError", "The replication configuration was not found"),
        wrapped=True,
    ),
    Kind("versioning", "bucket_versioning", "VersioningConfiguration", documents.versioning, {}),
    Kind(
        "lifecycle",
        "bucket_lifecycle_configuration",
        "LifecycleConfiguration",
        documents.lifecycle,
        ("NoSuchLifecycleConfiguration", "The lifecycle configuration does not exist"),
        delete="delete_bucket_lifecycle",
        beside=("TransitionDefaultMinimumObjectSize", "all_storage_classes_128K"),
    ),
    Kind(
        "cors",
        "bucket_cors",
        "CORSConfiguration",
        documents.cors,
        ("NoSuchCORSConfiguration", "The CORS configuration does not exist"),
    ),
    Kind(
        "website",
        "bucket_website",
        "WebsiteConfiguration",
        documents.website,
        ("NoSuchWebsiteConfiguration", "The specified bucket does not have a website configuration"),
    ),
    Kind(
        "tagging",
        "bucket_tagging",
        "Tagging",
        documents.tagging,
        ("NoSuchTagSet", "The TagSet does not exist"),
    ),
    Kind("logging", "bucket_logging", "BucketLoggingStatus", documents.unchanged, {}),
    Kind(
        "notification",
        "bucket_notification_configuration",
        "NotificationConfiguration",
        documents.notification,
        {},
    ),
    Kind(
        "request_payment",
        "bucket_request_payment",
        "RequestPaymentConfiguration",
        documents.request_payment,
        {"Payer": "BucketOwner"},
    ),
    Kind(
        "accelerate",
        "bucket_accelerate_configuration",
        "AccelerateConfiguration",
        documents.accelerate,
        {},
    ),
)
_NOT_DELETED = frozenset({"versioning", "logging", "notification", "request_payment", "accelerate"})

NUMBERED = ("Analytics", "IntelligentTiering", "Inventory", "Metrics")
"""Kinds of which a bucket may have several, each with an id."""
_NO_SUCH_CONFIGURATION = ("NoSuchConfiguration", "The specified configuration does not exist.")


class BucketConfiguration:
    """One method an operation of the table."""

    def __init__(self, store: FolderStore) -> None:
        self._store = store
        self._handlers: dict[str, Handler] = {}
        for kind in KINDS:
            self._handlers[f"put_{kind.operations}"] = partial(self._put, kind)
            self._handlers[f"get_{kind.operations}"] = partial(self._get, kind)
            if kind.name not in _NOT_DELETED:
                self._handlers[kind.delete or f"delete_{kind.operations}"] = partial(self._delete, kind)
        for name in NUMBERED:
            words = "intelligent_tiering" if name == "IntelligentTiering" else name.lower()
            self._handlers[f"put_bucket_{words}_configuration"] = partial(self._put_numbered, name)
            self._handlers[f"get_bucket_{words}_configuration"] = partial(self._get_numbered, name)
            self._handlers[f"list_bucket_{words}_configurations"] = partial(self._list_numbered, name)
            self._handlers[f"delete_bucket_{words}_configuration"] = partial(self._delete_numbered, name)

    def __getattr__(self, operation: str) -> Handler:
        try:
            return self.__dict__["_handlers"][operation]  # type: ignore[no-any-return]
        except KeyError:
            raise AttributeError(operation) from None

    def _settings(self, request: dict[str, Any]) -> BucketSettings:
        self._store.bucket_folder(request["Bucket"])
        return BucketSettings(self._store.database, request["Bucket"])

    def _put(self, kind: Kind, request: dict[str, Any], caller: Caller) -> dict[str, Any]:
        settings = self._settings(request)
        document = request.get(kind.member)
        if not isinstance(document, dict):
            raise malformed_xml()
        checked = kind.validate(document)
        self._check_against_others(kind, checked, settings, request["Bucket"])
        told = {kind.beside[0]: request.get(*kind.beside)} if kind.beside else {}
        settings.put(kind.name, checked | told)
        return told

    def _check_against_others(
        self, kind: Kind, document: dict[str, Any], settings: BucketSettings, bucket: str
    ) -> None:
        """Rules between documents, and between buckets."""
        if kind.name == "replication" and (settings.get("versioning") or {}).get("Status") != "Enabled":
            raise invalid_request(
                "Versioning must be 'Enabled' on the bucket to apply a replication configuration"
            )
        if kind.name == "accelerate" and "." in bucket:
            raise invalid_request(
                "S3 Transfer Acceleration is not supported for buckets with periods (.) in their names"
            )
        target = (document.get("LoggingEnabled") or {}).get("TargetBucket")
        if target is not None and all(each.name != target for each in self._store.buckets()):
            message = "The target bucket for logging does not exist"
            raise AwsError("InvalidTargetBucketForLogging", message, TargetBucket=target)

    def _get(self, kind: Kind, request: dict[str, Any], caller: Caller) -> dict[str, Any]:
        document = self._settings(request).get(kind.name)
        if document is None:
            if isinstance(kind.absent, tuple):
                raise AwsError(*kind.absent, 404, BucketName=request["Bucket"])
            document = kind.absent
        return {kind.member: document} if kind.wrapped else dict(document)

    def _delete(self, kind: Kind, request: dict[str, Any], caller: Caller) -> dict[str, Any]:
        self._settings(request).delete(kind.name)
        return {"_status": 204}

    def _put_numbered(self, name: str, request: dict[str, Any], caller: Caller) -> dict[str, Any]:
        settings = self._settings(request)
        document = request.get(f"{name}Configuration")
        if not isinstance(document, dict) or document.get("Id") != request["Id"]:
            raise malformed_xml()
        settings.put(name, document, request["Id"])
        return {}

    def _get_numbered(self, name: str, request: dict[str, Any], caller: Caller) -> dict[str, Any]:
        document = self._settings(request).get(name, request["Id"])
        if document is None:
            raise AwsError(*_NO_SUCH_CONFIGURATION, 404)
        return {f"{name}Configuration": document}

    def _list_numbered(self, name: str, request: dict[str, Any], caller: Caller) -> dict[str, Any]:
        return {f"{name}ConfigurationList": self._settings(request).all(name), "IsTruncated": False}

    def _delete_numbered(self, name: str, request: dict[str, Any], caller: Caller) -> dict[str, Any]:
        if not self._settings(request).delete(name, request["Id"]):
            raise AwsError(*_NO_SUCH_CONFIGURATION, 404)
        return {"_status": 204}
