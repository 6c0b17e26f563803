"""XML bodies of the query and REST-XML protocols, in and out."""

from __future__ import annotations

from typing import Any
from xml.etree import ElementTree
from xml.sax.saxutils import escape

from botocore.model import ListShape, MapShape, Shape, StructureShape

from local_aws.errors import AwsError
from local_aws.gateway.protocol.scalars import read_scalar, write_scalar

MALFORMED = "The XML you provided was not well-formed or did not validate against our published schema"
XML_DECLARATION = '<?xml version="1.0" encoding="UTF-8"?>\n'


def parse_xml_body(body: bytes, shape: Shape) -> Any:
    """Read a request's XML document by its shape.

    Raises:
        AwsError: MalformedXML, also for a document type declaration, which could expand without bound.
    """
    if b"<!DOCTYPE" in body or b"<!ENTITY" in body:
        raise AwsError("MalformedXML", MALFORMED)
    try:
        root = ElementTree.fromstring(body)  # noqa: S314  # declarations are refused above
    except (ElementTree.ParseError, ValueError) as error:
        raise AwsError("MalformedXML", MALFORMED) from error
    try:
        return _parse(shape, root)
    except AwsError as error:
        raise AwsError("MalformedXML", MALFORMED) from error


def _parse(shape: Shape, node: ElementTree.Element) -> Any:
    if isinstance(shape, StructureShape):
        return _parse_structure(shape, node)
    if isinstance(shape, ListShape):
        return [_parse(shape.member, child) for child in node]
    if isinstance(shape, MapShape):
        return dict(_parse_entry(shape, entry) for entry in node)
    return read_scalar(shape, node.text or "", shape.name)


def _parse_structure(shape: StructureShape, node: ElementTree.Element) -> dict[str, Any]:
    children: dict[str, list[ElementTree.Element]] = {}
    for child in node:
        children.setdefault(_local(child.tag), []).append(child)
    attributes = {_local(name): text for name, text in node.attrib.items()}
    parsed: dict[str, Any] = {}
    for name, member in shape.members.items():
        wire = member.serialization.get("name", name)
        if member.serialization.get("xmlAttribute"):
            if wire.rpartition(":")[2] in attributes:
                parsed[name] = attributes[wire.rpartition(":")[2]]
        elif isinstance(member, ListShape) and member.serialization.get("flattened"):
            wire = member.serialization.get("name") or member.member.serialization.get("name", name)
            if wire in children:
                parsed[name] = [_parse(member.member, child) for child in children[wire]]
        elif wire in children:
            parsed[name] = _parse(member, children[wire][-1])
    return parsed


def _parse_entry(shape: MapShape, entry: ElementTree.Element) -> tuple[str, Any]:
    parts = {_local(child.tag): child for child in entry}
    key = parts.get(shape.key.serialization.get("name", "key"))
    value = parts.get(shape.value.serialization.get("name", "value"))
    if key is None or value is None:
        raise AwsError("MalformedXML", MALFORMED)
    return key.text or "", _parse(shape.value, value)


def _local(tag: str) -> str:
    return tag.rpartition("}")[2]


def render_xml(shape: Shape, value: Any, name: str, out: list[str], timestamp_style: str = "iso8601") -> None:
    """Append the element `name` that holds `value` to `out`, as text parts."""
    if isinstance(shape, StructureShape):
        out.append(f"<{name}{_attributes(shape, value)}>")
        render_members(shape, value, out, timestamp_style)
        out.append(f"</{name}>")
    elif isinstance(shape, ListShape):
        item = shape.member.serialization.get("name", "member")
        out.append(f"<{name}>")
        for each in value:
            render_xml(shape.member, each, item, out, timestamp_style)
        out.append(f"</{name}>")
    elif isinstance(shape, MapShape):
        out.append(f"<{name}>")
        for key, each in value.items():
            out.append("<entry>")
            render_xml(shape.key, key, shape.key.serialization.get("name", "key"), out, timestamp_style)
            render_xml(
                shape.value, each, shape.value.serialization.get("name", "value"), out, timestamp_style
            )
            out.append("</entry>")
        out.append(f"</{name}>")
    else:
        out.append(f"<{name}>{_text(write_scalar(shape, value, timestamp_style))}</{name}>")


def render_members(
    shape: StructureShape, value: dict[str, Any], out: list[str], timestamp_style: str
) -> None:
    """Append the members of a structure that are elements."""
    for name, member in shape.members.items():
        item = value.get(name)
        if item is None or "location" in member.serialization or member.serialization.get("xmlAttribute"):
            continue
        if isinstance(member, ListShape) and member.serialization.get("flattened"):
            wire = member.serialization.get("name") or member.member.serialization.get("name", name)
            for each in item:
                render_xml(member.member, each, wire, out, timestamp_style)
        else:
            render_xml(member, item, member.serialization.get("name", name), out, timestamp_style)


def _attributes(shape: StructureShape, value: dict[str, Any]) -> str:
    texts = []
    namespace = shape.serialization.get("xmlNamespace")
    if isinstance(namespace, dict) and namespace.get("prefix"):
        texts.append(f' xmlns:{namespace["prefix"]}="{namespace["uri"]}"')
    for name, member in shape.members.items():
        if member.serialization.get("xmlAttribute") and value.get(name) is not None:
            texts.append(f' {member.serialization["name"]}="{escape(str(value[name]), {chr(34): "&quot;"})}"')
    return "".join(texts)


def _text(text: str) -> str:
    # A carriage return must be a reference, or XML readers turn it into a line feed and keys no longer match.
    return escape(text, {"\r": "&#13;"})


def error_xml(code: str, message: str, members: dict[str, Any]) -> str:
    """The inside of an error document: `<Code>`, `<Message>`, then further members."""
    parts = [f"<Code>{_text(code)}</Code><Message>{_text(message)}</Message>"]
    parts += [f"<{name}>{_text(str(value))}</{name}>" for name, value in members.items()]
    return "".join(parts)
