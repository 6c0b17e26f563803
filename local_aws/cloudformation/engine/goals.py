"""From a stored goal to its resolved template: parameters from SSM, exports of other stacks, dynamic
references.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from typing import Any

from botocore.exceptions import ClientError

from local_aws.cloudformation.engine.context import Context
from local_aws.cloudformation.engine.records import Goal
from local_aws.cloudformation.template.errors import invalid
from local_aws.cloudformation.template.model import Template, read_template
from local_aws.cloudformation.template.resolve import Resolved, StackFacts, resolve

MASK = "****"
_DYNAMIC = re.compile(r"\{\{resolve:([^}]*)\}\}")


def resolve_goal(
    context: Context,
    goal: Goal,
    stack_id: str,
    stack_name: str,
    *,
    masked: bool = False,
    on_import: Callable[[str], None] | None = None,
) -> Resolved:
    """The goal's template with its values; `masked` puts `****` for NoEcho parameters, for what is shown.

    `on_import` is told the name of every export that is read.

    Raises:
        AwsError: ValidationError.
    """
    template = read_template(goal.template)
    facts = StackFacts(
        stack_id, stack_name, context.region, context.account_id, tuple(goal.notification_arns)
    )
    values = {**goal.parameters, **goal.ssm}
    if masked:
        values |= {name: MASK for name, one in template.parameters.items() if one.no_echo}

    def export(name: str) -> str:
        if on_import is not None:
            on_import(name)
        return find_export(context, name)

    return resolve(template, values, facts, export)


def find_export(context: Context, name: str) -> str:
    """The value of an export of this region."""
    for export in context.store.exports():
        if export["Name"] == name:
            return export["Value"]
    raise invalid(f"No export named {name} found")


def ssm_values(context: Context, template: Template, parameters: Mapping[str, str]) -> dict[str, str]:
    """The values of the SSM parameters that parameters of type AWS::SSM::Parameter::Value<…> name.

    Raises:
        AwsError: ValidationError, when one does not exist.
    """
    wanted = {name: parameters[name] for name, one in template.parameters.items() if one.is_ssm_value}
    values, missing = {}, []
    for name, ssm_name in wanted.items():
        try:
            answer = context.client("ssm").get_parameter(Name=ssm_name)["Parameter"]
        except ClientError as error:
            if error.response["Error"]["Code"] != "ParameterNotFound":
                raise invalid(error.response["Error"].get("Message", str(error))) from error
            missing.append(ssm_name)
            continue
        if answer["Type"] == "SecureString":
            raise invalid(
                f"Parameters [{ssm_name}] referenced by template have types not supported by CloudFormation."
            )
        values[name] = answer["Value"]
    if missing:
        raise invalid(
            f"Unable to fetch parameters [{','.join(missing)}] from parameter store for this account."
        )
    return values


def resolve_dynamic(context: Context, value: Any) -> Any:
    """`value` with each `{{resolve:ssm:…}}` and `{{resolve:secretsmanager:…}}` in it looked up.

    https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/dynamic-references.html (2026-11)
    """
    if isinstance(value, dict):
        return {key: resolve_dynamic(context, item) for key, item in value.items()}
    if isinstance(value, list):
        return [resolve_dynamic(context, item) for item in value]
    if isinstance(value, str) and "{{resolve:" in value:
        return _DYNAMIC.sub(lambda place: _look_up(context, place.group(1)), value)
    return value


def _look_up(context: Context, reference: str) -> str:
    service, _, rest = reference.partition(":")
    try:
        if service == "ssm":
            return str(context.client("ssm").get_parameter(Name=rest)["Parameter"]["Value"])
        if service == "secretsmanager":
            return _secret(context, rest)
    except ClientError as error:
        raise invalid(
            f"Could not resolve {{{{resolve:{reference}}}}}: {error.response['Error'].get('Message')}"
        ) from error
    raise invalid(f"Laguna does not resolve dynamic references to {service}.")


def _secret(context: Context, rest: str) -> str:
    # An ARN holds six colons of its own.
    parts = rest.split(":")
    cut = 7 if rest.startswith("arn:") else 1
    secret_id, (kind, key, stage, version, *_) = ":".join(parts[:cut]), [*parts[cut:], "", "", "", ""]
    if kind not in ("", "SecretString"):
        raise invalid(f"Dynamic references to a secret's {kind} do not exist.")
    params = {"SecretId": secret_id, "VersionStage": stage, "VersionId": version}
    text = context.client("secretsmanager").get_secret_value(
        **{name: one for name, one in params.items() if one}
    )["SecretString"]
    if not key:
        return str(text)
    document = json.loads(text)
    if key not in document:
        raise invalid(f"Could not find a value associated with JSONKey in SecretString: {key}")
    return str(document[key])
