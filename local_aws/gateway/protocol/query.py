"""The query protocol, which CloudFormation speaks: form fields in, XML out.

https://smithy.io/2.0/aws/protocols/aws-query-protocol.html
"""

from __future__ import annotations

from typing import Any

from botocore.model import ListShape, MapShape, OperationModel, Shape, StructureShape

from local_aws.gateway.protocol.scalars import read_scalar
from local_aws.gateway.protocol.xml_body import error_xml, render_xml

Fields = dict[str, str]


def parse_query(fields: Fields, shape: Shape | None) -> dict[str, Any]:
    """Read an operation's input from form fields such as `Parameters.member.1.ParameterKey`."""
    if shape is None:
        return {}
    parsed: dict[str, Any] = _parse(shape, _tree(fields)) or {}
    return parsed


def _tree(fields: Fields) -> dict[str, Any]:
    """Nest the dotted names: `{"A.member.1": "x"}` becomes `{"A": {"member": {"1": {"": "x"}}}}`."""
    root: dict[str, Any] = {}
    for name, text in fields.items():
        node = root
        for part in name.split("."):
            node = node.setdefault(part, {})
        node[""] = text
    return root


def _parse(shape: Shape, node: dict[str, Any]) -> Any:
    if isinstance(shape, StructureShape):
        members = {
            name: node.get(member.serialization.get("name", name)) for name, member in shape.members.items()
        }
        return {
            name: _parse(shape.members[name], child) for name, child in members.items() if child is not None
        }
    if isinstance(shape, ListShape):
        items = node if shape.serialization.get("flattened") else node.get("member", {})
        return [_parse(shape.member, items[index]) for index in sorted(items, key=_position) if index]
    if isinstance(shape, MapShape):
        entries = node if shape.serialization.get("flattened") else node.get("entry", {})
        ordered = [entries[index] for index in sorted(entries, key=_position) if index]
        return {entry["key"][""]: _parse(shape.value, entry["value"]) for entry in ordered}
    return read_scalar(shape, node.get("", ""), shape.name)


def _position(index: str) -> int:
    return int(index) if index.isdigit() else 0


def render_query(operation: OperationModel, answer: dict[str, Any], request_id: str) -> bytes:
    """`<XResponse><XResult>…</XResult><ResponseMetadata>…` in the service's namespace."""
    out = [f'<{operation.name}Response xmlns="{operation.metadata.get("xmlNamespace", "")}">']
    shape = operation.output_shape
    if shape is not None:
        render_xml(shape, answer, shape.serialization.get("resultWrapper", f"{operation.name}Result"), out)
    out.append(f"<ResponseMetadata><RequestId>{request_id}</RequestId></ResponseMetadata>")
    out.append(f"</{operation.name}Response>")
    return "".join(out).encode()


def render_query_error(namespace: str, code: str, message: str, fault: str, request_id: str) -> bytes:
    """`fault` is `Sender` or `Receiver`."""
    inside = error_xml(code, message, {})
    return (
        f'<ErrorResponse xmlns="{namespace}"><Error><Type>{fault}</Type>{inside}</Error>'
        f"<RequestId>{request_id}</RequestId></ErrorResponse>"
    ).encode()
