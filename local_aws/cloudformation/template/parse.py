"""Template text, JSON or YAML with CloudFormation's short forms, becomes plain dicts, lists and scalars.

CloudFormation reads YAML 1.1 without timestamps, sets, aliases and merge keys, so PyYAML's safe loader is
narrowed accordingly: `2010-09-09` and `2012-10-17` stay text. A key that appears twice is an error rather
than the last one winning, because the loser would be lost without a word.
https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/template-formats.html (2026-11)
"""

from __future__ import annotations

import json
from typing import Any

import yaml

from local_aws.cloudformation.template.errors import bad_format, invalid
from local_aws.errors import AwsError

SHORT_FORMS = {
    **{f"!{name}": name for name in ("Ref", "Condition")},
    **{
        f"!{name}": f"Fn::{name}"
        for name in (
            "And",
            "Base64",
            "Cidr",
            "Equals",
            "FindInMap",
            "ForEach",
            "GetAtt",
            "GetAZs",
            "If",
            "ImportValue",
            "Join",
            "Length",
            "Not",
            "Or",
            "Select",
            "Split",
            "Sub",
            "ToJsonString",
            "Transform",
        )
    },
}
"""A YAML tag and the function it stands for."""


def parse_template(text: str) -> dict[str, Any]:
    """Read `text` as JSON when it starts like JSON, as YAML otherwise.

    Raises:
        AwsError: ValidationError, `Template format error: …`, when it is neither or not an object.
    """
    document = _from_json(text) if text.lstrip().startswith("{") else _from_yaml(text)
    if not isinstance(document, dict):
        raise bad_format("unsupported structure.")
    return document


def _from_json(text: str) -> Any:
    try:
        return json.loads(text, object_pairs_hook=_unique)
    except json.JSONDecodeError as error:
        # Flow-style YAML starts with a brace too.
        try:
            return _from_yaml(text)
        except AwsError:
            raise bad_format(f"JSON not well-formed. (line {error.lineno}, column {error.colno})") from error
    except RecursionError as error:
        raise bad_format("the template is nested too deeply.") from error


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    result: dict[str, Any] = {}
    for key, value in pairs:
        if key in result:
            raise bad_format(f"duplicate key '{key}'.")
        result[key] = value
    return result


def _from_yaml(text: str) -> Any:
    try:
        return yaml.load(text, Loader=_Loader)  # noqa: S506 - a SafeLoader, narrowed
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        place = f" (line {mark.line + 1}, column {mark.column + 1})" if mark else ""
        raise bad_format(f"YAML not well-formed.{place}") from error
    except yaml.YAMLError as error:
        raise bad_format("YAML not well-formed.") from error
    except RecursionError as error:
        raise bad_format("the template is nested too deeply.") from error


class _Loader(yaml.SafeLoader):
    """YAML as CloudFormation reads it."""

    def compose_node(self, parent: yaml.Node | None, index: Any) -> yaml.Node | None:
        if self.check_event(yaml.AliasEvent):
            raise invalid("Template error: YAML aliases are not allowed in CloudFormation templates")
        return super().compose_node(parent, index)

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        result: dict[Any, Any] = {}
        for key_node, value_node in node.value:
            key = self.construct_object(key_node, deep=True)
            if not isinstance(key, str | int | float):
                raise bad_format(f"YAML not well-formed. {_place(key_node)}")
            if str(key) in result:
                raise bad_format(f"duplicate key '{key}'. {_place(key_node)}")
            # An account id or a port may be a key of a mapping; JSON, the canonical form, has text keys only.
            result[str(key)] = self.construct_object(value_node, deep=True)
        return result


def _place(node: yaml.Node) -> str:
    return f"(line {node.start_mark.line + 1}, column {node.start_mark.column + 1})"


def _short_form(loader: _Loader, suffix: str, node: yaml.Node) -> Any:
    tag = f"!{suffix}"
    function = SHORT_FORMS.get(tag)
    if function is None:
        raise bad_format(f"YAML not well-formed. unknown tag {tag} {_place(node)}")
    value: Any
    if isinstance(node, yaml.ScalarNode):
        # Tagged scalars are read by their own rules: `!Ref 1` is text, `!Condition yes` a name.
        value = node.value
    elif isinstance(node, yaml.SequenceNode):
        value = loader.construct_sequence(node, deep=True)
    else:
        assert isinstance(node, yaml.MappingNode)
        value = loader.construct_mapping(node, deep=True)
    if function == "Fn::GetAtt" and isinstance(value, str):
        value = value.split(".", 1)
    return {function: value}


def _text_date(loader: _Loader, node: yaml.Node) -> str:
    assert isinstance(node, yaml.ScalarNode)
    return str(node.value)


def _mapping(loader: _Loader, node: yaml.Node) -> dict[Any, Any]:
    assert isinstance(node, yaml.MappingNode)
    return loader.construct_mapping(node, deep=True)


_Loader.add_multi_constructor("!", _short_form)
_Loader.add_constructor("tag:yaml.org,2002:timestamp", _text_date)
_Loader.add_constructor("tag:yaml.org,2002:map", _mapping)
