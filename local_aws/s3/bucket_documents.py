"""What makes each configuration document of a bucket valid, before it is stored.

A check takes the document as boto3 shows it and returns it as S3 would give it back. It raises S3's error for
a document that S3 refuses; the gateway has checked names and types already.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

from local_aws.errors import AwsError
from local_aws.s3.errors import invalid_argument, invalid_request, malformed_xml
from local_aws.s3.tags import BUCKET_LIMIT, tag_set, tags_of_set

Document = dict[str, Any]
Validate = Callable[[Document], Document]

OWNERSHIPS = frozenset({"BucketOwnerPreferred", "ObjectWriter", "BucketOwnerEnforced"})
_PUBLIC_ACCESS = ("BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy", "RestrictPublicBuckets")
_LIFECYCLE_ACTIONS = (
    "Expiration",
    "Transitions",
    "NoncurrentVersionTransitions",
    "NoncurrentVersionExpiration",
    "AbortIncompleteMultipartUpload",
)
_CORS_METHODS = frozenset({"GET", "PUT", "HEAD", "POST", "DELETE"})
_TARGETS = {
    "TopicConfigurations": "TopicArn",
    "QueueConfigurations": "QueueArn",
    "LambdaFunctionConfigurations": "LambdaFunctionArn",
}


def encryption(document: Document) -> Document:
    """One rule, with a method that S3 has."""
    rules = document.get("Rules") or []
    if len(rules) != 1:
        raise malformed_xml()
    default = rules[0].get("ApplyServerSideEncryptionByDefault")
    if default is not None:
        algorithm = default.get("SSEAlgorithm")
        if algorithm not in ("AES256", "aws:kms", "aws:kms:dsse"):
            raise malformed_xml()
        if algorithm == "AES256" and default.get("KMSMasterKeyID"):
            message = "a KMSMasterKeyID is not applicable if the default sse algorithm is not"
            raise invalid_argument(
                f"{message} aws:kms or aws:kms:dsse", "ApplyServerSideEncryptionByDefault", algorithm
            )
    return {"Rules": [{"BucketKeyEnabled": False, **rules[0]}]}


def public_access(document: Document) -> Document:
    """Four switches; one that is not there is off."""
    return {name: bool(document.get(name, False)) for name in _PUBLIC_ACCESS}


def ownership(document: Document) -> Document:
    """One rule of three."""
    rules = document.get("Rules") or []
    if len(rules) != 1 or rules[0].get("ObjectOwnership") not in OWNERSHIPS:
        raise malformed_xml()
    return document


def versioning(document: Document) -> Document:
    """`Enabled` or `Suspended`; deleting with a second factor needs hardware that is not here."""
    if document.get("Status") not in ("Enabled", "Suspended"):
        raise malformed_xml()
    if document.get("MFADelete") == "Enabled":
        message = "Mfa Authentication must be used for this request"
        raise AwsError("AccessDenied", message, 403)
    return document


def lifecycle(document: Document) -> Document:
    """Rules with distinct ids, a scope and at least one action."""
    rules = document.get("Rules") or []
    if not 0 < len(rules) <= 1000:
        raise malformed_xml()
    named = [rule if rule.get("ID") else {"ID": uuid.uuid4().hex, **rule} for rule in rules]
    if len({rule["ID"] for rule in named}) < len(named):
        message = "Rule ID must be unique. Found same ID for more than one rule"
        raise invalid_argument(message, "ID", "")
    for rule in named:
        has_scope = ("Filter" in rule) != ("Prefix" in rule)
        if rule.get("Status") not in ("Enabled", "Disabled") or not has_scope:
            raise malformed_xml()
        if not any(rule.get(action) for action in _LIFECYCLE_ACTIONS):
            raise invalid_request("At least one action needs to be specified in a rule")
    return {"Rules": named}


def cors(document: Document) -> Document:
    """Rules with origins and methods."""
    rules = document.get("CORSRules") or []
    if not 0 < len(rules) <= 100:
        raise malformed_xml()
    for rule in rules:
        if not rule.get("AllowedOrigins") or not rule.get("AllowedMethods"):
            raise malformed_xml()
        for method in rule["AllowedMethods"]:
            if method not in _CORS_METHODS:
                raise invalid_request(
                    f"Found unsupported HTTP method in CORS config. Unsupported method is {method}"
                )
    return document


def tagging(document: Document) -> Document:
    """At most 50 distinct tags."""
    return {"TagSet": tag_set(tags_of_set(document, BUCKET_LIMIT))}


def website(document: Document) -> Document:
    """An index document, or a redirect of everything."""
    redirects = document.get("RedirectAllRequestsTo")
    if redirects and (document.get("IndexDocument") or document.get("ErrorDocument")):
        message = "RedirectAllRequestsTo cannot be provided in conjunction with other Routing Rules."
        raise invalid_argument(message, "RedirectAllRequestsTo", "not null")
    if not redirects and not document.get("IndexDocument"):
        message = "A value for IndexDocument Suffix must be provided if RedirectAllRequestsTo is empty"
        raise invalid_argument(message, "IndexDocument", "null")
    return document


def notification(document: Document) -> Document:
    """Targets with events; an id is made where there is none."""
    checked = dict(document)
    for kind, arn in _TARGETS.items():
        entries = []
        for entry in document.get(kind) or []:
            if not entry.get(arn) or not entry.get("Events"):
                raise malformed_xml()
            for event in entry["Events"]:
                if not event.startswith("s3:"):
                    raise malformed_xml()
            entries.append(entry if entry.get("Id") else {"Id": str(uuid.uuid4()), **entry})
        if entries:
            checked[kind] = entries
    return checked


def request_payment(document: Document) -> Document:
    """Who pays."""
    if document.get("Payer") not in ("Requester", "BucketOwner"):
        raise malformed_xml()
    return document


def accelerate(document: Document) -> Document:
    """`Enabled` or `Suspended`."""
    if document.get("Status") not in ("Enabled", "Suspended"):
        raise malformed_xml()
    return document


def unchanged(document: Document) -> Document:
    """A document whose form the model says in full."""
    return document
