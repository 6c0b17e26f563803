"""From a request to a goal: the template's text, its parameters, tags and capabilities, all checked.

Nothing is stored before all of it is in order.
"""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import unquote, urlsplit

from botocore.exceptions import ClientError

from local_aws.cloudformation.engine.context import Context
from local_aws.cloudformation.engine.goals import ssm_values
from local_aws.cloudformation.engine.records import Goal
from local_aws.cloudformation.template.check import check_template
from local_aws.cloudformation.template.errors import invalid
from local_aws.cloudformation.template.model import Template, read_template
from local_aws.cloudformation.template.parameters import choose_values, value_of
from local_aws.cloudformation.template.rules import check_rules
from local_aws.errors import AwsError

_UNSUPPORTED = (
    "ResourceTypes",
    "StackPolicyBody",
    "StackPolicyURL",
    "StackPolicyDuringUpdateBody",
    "StackPolicyDuringUpdateURL",
    "ResourcesToImport",
)
MOST_BODY_BYTES = 51_200
MOST_URL_BYTES = 1_048_576
_NAMED = {
    "AWS::IAM::Group": "GroupName",
    "AWS::IAM::InstanceProfile": "InstanceProfileName",
    "AWS::IAM::ManagedPolicy": "ManagedPolicyName",
    "AWS::IAM::Role": "RoleName",
    "AWS::IAM::User": "UserName",
}
_IAM = frozenset(_NAMED) | {"AWS::IAM::AccessKey", "AWS::IAM::Policy", "AWS::IAM::UserToGroupAddition"}


def template_text(context: Context, request: dict[str, Any], previous: str | None = None) -> str:
    """The template of a request: its body, what its URL names, or the previous one when it asks for that.

    Raises:
        AwsError: ValidationError.
    """
    ways = [name for name in ("TemplateBody", "TemplateURL") if request.get(name)]
    if request.get("UsePreviousTemplate"):
        if ways or previous is None:
            raise invalid("Either Template URL or Template Body must be specified.")
        return previous
    if len(ways) != 1:
        raise invalid("Either Template URL or Template Body must be specified.")
    if ways == ["TemplateURL"]:
        return _fetch(context, request["TemplateURL"])
    body: str = request["TemplateBody"]
    if len(body.encode()) > MOST_BODY_BYTES:
        raise invalid(
            "1 validation error detected: Value at 'templateBody' failed to satisfy constraint: Member "
            "must have length less than or "
            f"equal to {MOST_BODY_BYTES}"
        )
    return body


def _fetch(context: Context, url: str) -> str:
    bucket, key = bucket_and_key(url)
    try:
        answer = context.client("s3").get_object(Bucket=bucket, Key=key)
    except ClientError as error:
        raise invalid(f"S3 error: {error.response['Error'].get('Message', error)}") from error
    if answer["ContentLength"] > MOST_URL_BYTES:
        raise invalid(f"Template may not exceed {MOST_URL_BYTES} bytes in size.")
    try:
        return str(answer["Body"].read().decode())
    except UnicodeDecodeError as error:
        raise invalid("Template format error: the template is not UTF-8.") from error


def bucket_and_key(url: str) -> tuple[str, str]:
    """Where an S3 URL points: `https://bucket.s3.region.amazonaws.com/key`, or
    `http://any.host/bucket/key`.
    """
    parts = urlsplit(url)
    host, path = parts.hostname or "", unquote(parts.path.lstrip("/"))
    if parts.scheme not in ("http", "https"):
        raise invalid("TemplateURL must be a supported URL.")
    virtual = re.match(r"(?P<bucket>[a-z0-9][a-z0-9.-]+)\.s3([.-][a-z0-9.-]+)?$", host)
    bucket, _, key = (virtual["bucket"], "", path) if virtual else path.partition("/")
    if not bucket or not key:
        raise invalid("TemplateURL must reference a valid S3 object to which you have access.")
    return bucket, key


def checked_template(context: Context, text: str) -> Template:
    """The template in `text`, all that can be known to be wrong with it refused."""
    template = read_template(text)
    check_template(template, {name: kind.attributes for name, kind in context.types.items()})
    for resource in template.resources.values():
        if not re.fullmatch(
            r"(AWS|Alexa|Custom)::[A-Za-z0-9:_@-]+|[A-Za-z0-9]+::[A-Za-z0-9]+::[A-Za-z0-9]+(::MODULE)?",
            resource.type,
        ):
            raise invalid(f"Template format error: Unrecognized resource types: [{resource.type}]")
    return template


def goal_of(context: Context, request: dict[str, Any], previous: Goal | None) -> Goal:
    """What a create or update request (or a change set) wants a stack to be.

    Raises:
        AwsError: ValidationError, InsufficientCapabilitiesException.
    """
    _refuse_unsupported(request)
    text = template_text(context, request, previous.template if previous else None)
    template = checked_template(context, text)
    parameters = choose_values(
        template.parameters, request.get("Parameters", []), previous.parameters if previous else {}
    )
    ssm = ssm_values(context, template, parameters)
    texts = {**parameters, **ssm}
    check_rules(
        template.rules, {name: value_of(one, texts[name]) for name, one in template.parameters.items()}
    )
    needed = capabilities_needed(template)
    given = request.get("Capabilities", [])
    if needed and not set(needed) & set(given) and "CAPABILITY_NAMED_IAM" not in given:
        raise AwsError("InsufficientCapabilitiesException", f"Requires capabilities : [{needed[0]}]")
    return Goal(
        template=text,
        parameters=parameters,
        ssm=ssm,
        tags=_tags(request["Tags"]) if "Tags" in request else previous.tags if previous else {},
        capabilities=given,
        notification_arns=request.get("NotificationARNs", previous.notification_arns if previous else []),
        role_arn=request.get("RoleARN", previous.role_arn if previous else None),
    )


def _refuse_unsupported(request: dict[str, Any]) -> None:
    for name in _UNSUPPORTED:
        if request.get(name):
            raise invalid(f"Laguna does not support {name}.")
    if request.get("RollbackConfiguration", {}).get("RollbackTriggers"):
        raise invalid("Laguna does not support RollbackTriggers.")


def _tags(pairs: list[dict[str, str]]) -> dict[str, str]:
    tags = {}
    for pair in pairs:
        if pair["Key"].startswith("aws:"):
            raise invalid("aws: prefixed tag key names are not allowed for external use.")
        if pair["Key"] in tags:
            raise invalid(f"Duplicate tag keys: {pair['Key']}")
        tags[pair["Key"]] = pair["Value"]
    return tags


def capabilities_needed(template: Template) -> list[str]:
    """`CAPABILITY_NAMED_IAM` when an IAM resource has a name of its own, `CAPABILITY_IAM` when there is
    any.
    """
    iam = [resource for resource in template.resources.values() if resource.type in _IAM]
    if any(_NAMED.get(resource.type) in resource.properties for resource in iam):
        return ["CAPABILITY_NAMED_IAM"]
    return ["CAPABILITY_IAM"] if iam else []


def capabilities_reason(template: Template) -> str:
    """Why `capabilities_needed` are."""
    types = sorted({resource.type for resource in template.resources.values() if resource.type in _IAM})
    return f"The following resource(s) require capabilities: [{', '.join(types)}]"
