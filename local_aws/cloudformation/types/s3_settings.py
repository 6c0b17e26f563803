"""A bucket's properties as the bodies of S3's bucket configuration calls.

CloudFormation and S3 use other names for the same things here, so each property has a function from one to
the other; S3's own shapes then say whether the result is right.
https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-s3-bucket.html (2026-11)
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

from local_aws.cloudformation.types.shapes import BadProperty, input_member, to_api


@dataclass(frozen=True, slots=True)
class Setting:
    """One property: the call that sets it, its parameter, and the call that removes it or the body that
    resets it.
    """

    put: str
    operation: str
    param: str
    body: Callable[[Any], Any]
    delete: str = ""
    reset: Any = None

    def params(self, value: Any) -> dict[str, Any]:
        """The call's parameters but for the bucket; raises BadProperty."""
        return {
            self.param: to_api(self.body(value), input_member("s3", self.operation, self.param), self.param)
        }


def _as_it_is(value: Any) -> Any:
    return value


def _renamed(value: Any, names: dict[str, str]) -> Any:
    if not isinstance(value, dict):
        return value
    return {names.get(key, key): item for key, item in value.items()}


def _each(value: Any, change: Callable[[Any], Any]) -> Any:
    return [change(item) for item in value] if isinstance(value, list) else value


def _within(value: Any, key: str, change: Callable[[Any], Any]) -> Any:
    return {**value, key: change(value[key])} if isinstance(value, dict) and key in value else value


def _encryption(value: Any) -> Any:
    rule = {"ServerSideEncryptionByDefault": "ApplyServerSideEncryptionByDefault"}
    renamed = _renamed(value, {"ServerSideEncryptionConfiguration": "Rules"})
    return _within(renamed, "Rules", lambda rules: _each(rules, lambda one: _renamed(one, rule)))


def _cors(value: Any) -> Any:
    rule = {"Id": "ID", "ExposedHeaders": "ExposeHeaders", "MaxAge": "MaxAgeSeconds"}
    renamed = _renamed(value, {"CorsRules": "CORSRules"})
    return _within(renamed, "CORSRules", lambda rules: _each(rules, lambda one: _renamed(one, rule)))


def _logging(value: Any) -> Any:
    names = {"DestinationBucketName": "TargetBucket", "LogFilePrefix": "TargetPrefix"}
    enabled = _renamed(value, names)
    return {"LoggingEnabled": {"TargetPrefix": "", **enabled} if isinstance(enabled, dict) else enabled}


def _notification(value: Any) -> Any:
    lists = {
        "LambdaConfigurations": ("LambdaFunctionConfigurations", "Function", "LambdaFunctionArn"),
        "QueueConfigurations": ("QueueConfigurations", "Queue", "QueueArn"),
        "TopicConfigurations": ("TopicConfigurations", "Topic", "TopicArn"),
    }
    body: dict[str, Any] = {}
    for key, item in value.items() if isinstance(value, dict) else ():
        if key == "EventBridgeConfiguration":
            if not isinstance(item, dict) or str(item.get("EventBridgeEnabled", True)).lower() == "true":
                body[key] = {}
        elif key in lists:
            name, target, arn = lists[key]
            body[name] = _each(item, partial(_target, target=target, arn=arn))
        else:
            raise BadProperty(f"Encountered unsupported property {key}")
    return body


def _target(value: Any, target: str, arn: str) -> Any:
    renamed = _renamed(value, {target: arn, "Event": "Events"})
    renamed = _within(renamed, "Events", lambda event: [event])
    key = {"S3Key": "Key"}
    rules = {"Rules": "FilterRules"}
    return _within(
        renamed,
        "Filter",
        lambda one: _within(_renamed(one, key), "Key", lambda inner: _renamed(inner, rules)),
    )


_EXPIRATION = {
    "ExpirationInDays": "Days",
    "ExpirationDate": "Date",
    "ExpiredObjectDeleteMarker": "ExpiredObjectDeleteMarker",
}
_FILTER = ("Prefix", "TagFilters", "ObjectSizeGreaterThan", "ObjectSizeLessThan")
_TRANSITION = {"TransitionInDays": "Days", "TransitionDate": "Date"}


def _lifecycle(value: Any) -> Any:
    if isinstance(value, dict) and "TransitionDefaultMinimumObjectSize" in value:
        raise BadProperty("Encountered unsupported property TransitionDefaultMinimumObjectSize")
    return _within(value, "Rules", lambda rules: _each(rules, _lifecycle_rule))


def _lifecycle_rule(rule: Any) -> Any:
    if not isinstance(rule, dict):
        return rule
    left = dict(rule)
    expiration = {name: left.pop(key) for key, name in _EXPIRATION.items() if key in left}
    conditions = {key: left.pop(key) for key in _FILTER if key in left}
    transitions = left.pop("Transitions", []) + ([left.pop("Transition")] if "Transition" in left else [])
    old_versions = left.pop("NoncurrentVersionTransitions", [])
    changed = {"ID": left.pop("Id")} if "Id" in left else {}
    if "NoncurrentVersionExpirationInDays" in left:
        left["NoncurrentVersionExpiration"] = {
            "NoncurrentDays": left.pop("NoncurrentVersionExpirationInDays")
        }
    changed |= {**left, "Filter": _filter(conditions)}
    if expiration:
        changed["Expiration"] = expiration
    if transitions:
        changed["Transitions"] = [_renamed(one, _TRANSITION) for one in transitions]
    if old_versions:
        changed["NoncurrentVersionTransitions"] = [
            _renamed(one, {"TransitionInDays": "NoncurrentDays"}) for one in old_versions
        ]
    return changed


def _filter(conditions: dict[str, Any]) -> dict[str, Any]:
    """S3 takes one condition as it is and several inside `And`."""
    tags = conditions.pop("TagFilters", [])
    if not tags and len(conditions) <= 1:
        return conditions or {"Prefix": ""}
    if not conditions and len(tags) == 1:
        return {"Tag": tags[0]}
    return {"And": {**conditions, **({"Tags": tags} if tags else {})}}


SETTINGS = {
    "BucketEncryption": Setting(
        "put_bucket_encryption",
        "PutBucketEncryption",
        "ServerSideEncryptionConfiguration",
        _encryption,
        delete="delete_bucket_encryption",
    ),
    "CorsConfiguration": Setting(
        "put_bucket_cors", "PutBucketCors", "CORSConfiguration", _cors, delete="delete_bucket_cors"
    ),
    "LifecycleConfiguration": Setting(
        "put_bucket_lifecycle_configuration",
        "PutBucketLifecycleConfiguration",
        "LifecycleConfiguration",
        _lifecycle,
        delete="delete_bucket_lifecycle",
    ),
    "LoggingConfiguration": Setting(
        "put_bucket_logging", "PutBucketLogging", "BucketLoggingStatus", _logging, reset={}
    ),
    "NotificationConfiguration": Setting(
        "put_bucket_notification_configuration",
        "PutBucketNotificationConfiguration",
        "NotificationConfiguration",
        _notification,
        reset={},
    ),
    "OwnershipControls": Setting(
        "put_bucket_ownership_controls",
        "PutBucketOwnershipControls",
        "OwnershipControls",
        _as_it_is,
        delete="delete_bucket_ownership_controls",
    ),
    "PublicAccessBlockConfiguration": Setting(
        "put_public_access_block",
        "PutPublicAccessBlock",
        "PublicAccessBlockConfiguration",
        _as_it_is,
        delete="delete_public_access_block",
    ),
    "VersioningConfiguration": Setting(
        "put_bucket_versioning",
        "PutBucketVersioning",
        "VersioningConfiguration",
        _as_it_is,
        reset={"Status": "Suspended"},
    ),
}
