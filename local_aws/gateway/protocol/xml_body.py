"""XML bodies of the query and REST-XML protocols, in and out."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache
from typing import Any
from xml.etree import ElementTree
from xml.sax.saxutils import escape

from botocore.model import ListShape, MapShape, Shape, StructureShape

from local_aws.errors import AwsError
from local_aws.gateway.protocol.scalars import read_scalar, write_scalar

Writer = Callable[[Any, list[str]], None]

SPECIAL = re.compile("[&<>\\r]")

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


def render_xml(shape: Shape, value: Any, name: str, out: list[str]) -> None:
    """Append the element `name` that holds `value` to `out`, as text parts."""
    _writer(shape, name)(value, out)


def render_members(shape: StructureShape, value: dict[str, Any], out: list[str]) -> None:
    """Append the members of a structure that are elements."""
    _members_writer(shape)(value, out)


# A listing has thousands of elements of a few shapes: what the model says of a shape is looked up once.


@cache
def _writer(shape: Shape, name: str) -> Writer:
    start, end = f"<{name}>", f"</{name}>"
    if isinstance(shape, StructureShape):
        return _structure_writer(shape, name)
    if isinstance(shape, ListShape):
        item = _deferred(shape.member, shape.member.serialization.get("name", "member"))

        def write_list(value: Any, out: list[str]) -> None:
            out.append(start)
            for each in value:
                item(each, out)
            out.append(end)

        return write_list
    if isinstance(shape, MapShape):
        return _map_writer(shape, start, end)
    if shape.type_name == "string":
        return lambda value, out: out.append(f"{start}{_text(str(value))}{end}")
    return lambda value, out: out.append(f"{start}{_text(write_scalar(shape, value, 'iso8601'))}{end}")


def _deferred(shape: Shape, name: str) -> Writer:
    """The writer of a shape that may contain the one whose writer is being made."""
    made: list[Writer] = []

    def write(value: Any, out: list[str]) -> None:
        if not made:
            made.append(_writer(shape, name))
        made[0](value, out)

    return write


def _structure_writer(shape: StructureShape, name: str) -> Writer:
    members, end = _members_writer(shape), f"</{name}>"
    has_attributes = any(member.serialization.get("xmlAttribute") for member in shape.members.values())

    def write(value: Any, out: list[str]) -> None:
        out.append(f"<{name}{_attributes(shape, value)}>" if has_attributes else f"<{name}>")
        members(value, out)
        out.append(end)

    return write


def _map_writer(shape: MapShape, start: str, end: str) -> Writer:
    write_key = _deferred(shape.key, shape.key.serialization.get("name", "key"))
    write_value = _deferred(shape.value, shape.value.serialization.get("name", "value"))

    def write(value: Any, out: list[str]) -> None:
        out.append(start)
        for key, each in value.items():
            out.append("<entry>")
            write_key(key, out)
            write_value(each, out)
            out.append("</entry>")
        out.append(end)

    return write


@cache
def _members_writer(shape: StructureShape) -> Writer:
    writers = [
        (name, _member_writer(name, member))
        for name, member in shape.members.items()
        if "location" not in member.serialization and not member.serialization.get("xmlAttribute")
    ]

    def write(value: Any, out: list[str]) -> None:
        for name, write_member in writers:
            item = value.get(name)
            if item is not None:
                write_member(item, out)

    return write


def _member_writer(name: str, member: Shape) -> Writer:
    if not (isinstance(member, ListShape) and member.serialization.get("flattened")):
        return _deferred(member, member.serialization.get("name", name))
    wire = member.serialization.get("name") or member.member.serialization.get("name", name)
    item = _deferred(member.member, wire)

    def write(value: Any, out: list[str]) -> None:
        for each in value:
            item(each, out)

    return write


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
    if SPECIAL.search(text) is None:
        return text
    text = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    # A carriage return must be a reference, or XML readers turn it into a line feed and keys no longer match.
    return text.replace("\r", "&#13;")


def error_xml(code: str, message: str, members: dict[str, Any]) -> str:
    """The inside of an error document: `<Code>`, `<Message>`, then further members."""
    parts = [f"<Code>{_text(code)}</Code><Message>{_text(message)}</Message>"]
    parts += [f"<{name}>{_text(str(value))}</{name}>" for name, value in members.items()]
    return "".join(parts)
