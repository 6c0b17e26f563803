"""The lake's template, read as data."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).parents[3]
TEMPLATE = ROOT / "infra" / "datalake.yaml"


class Loader(yaml.SafeLoader):
    """YAML with CloudFormation's short forms, as `{"Ref": …}` and `{"Fn::…": …}`."""


def short_form(loader: Loader, suffix: str, node: yaml.Node) -> dict[str, Any]:
    name = suffix if suffix in ("Ref", "Condition") else f"Fn::{suffix}"
    if isinstance(node, yaml.SequenceNode):
        return {name: loader.construct_sequence(node, deep=True)}
    assert isinstance(node, yaml.ScalarNode)
    return {name: node.value}


Loader.add_multi_constructor("!", short_form)  # type: ignore[no-untyped-call]


@pytest.fixture(scope="session")
def template() -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.load(TEMPLATE.read_text(encoding="utf-8"), Loader)
    return loaded


def resources(template: dict[str, Any], type_name: str) -> dict[str, dict[str, Any]]:
    """Properties by logical id."""
    return {
        name: item.get("Properties", {})
        for name, item in template["Resources"].items()
        if item["Type"] == type_name
    }


def listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def statements(template: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Every statement of the roles, with the role's name."""
    for role, properties in resources(template, "AWS::IAM::Role").items():
        for policy in properties["Policies"]:
            for statement in policy["PolicyDocument"]["Statement"]:
                yield role, statement
