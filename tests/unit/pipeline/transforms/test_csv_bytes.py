from __future__ import annotations

import unicodedata

import pytest

from pipeline.transforms.csv_bytes import FileRejected, column_name, decode, read_header

KNOWN = ("cliente_id", "nombre", "fecha_registro")


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        ("id,año\n".encode(), ("id,año\n", "utf-8")),
        ("id,año\n".encode("utf-8-sig"), ("id,año\n", "utf-8-bom")),
        ("id,año\n".encode("latin-1"), ("id,año\n", "latin-1")),
        (b"id,\x93hola\x94 \x80\n", ("id,“hola” €\n", "latin-1")),
        (unicodedata.normalize("NFD", "Medellín,ñ").encode(), ("Medellín,ñ", "utf-8")),
    ],
)
def test_the_bytes_tell_the_encoding(data: bytes, expected: tuple[str, str]) -> None:
    assert decode(data) == expected


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "archivo vacío"),
        (b"\xef\xbb\xbf \r\n\n", "archivo vacío"),
        (b"a,b\n1,\x00\n", "archivo binario"),
        ("a,b\n".encode("utf-16"), "archivo binario"),
        (bytes(range(1, 256)), "archivo binario"),
        (b"\xef\xbb\xbfa,\xf1\n", "codificación ilegible: marca de UTF-8 con bytes que no lo son"),
    ],
)
def test_what_is_no_text_is_rejected_with_its_reason(data: bytes, reason: str) -> None:
    with pytest.raises(FileRejected) as rejected:
        decode(data)
    assert str(rejected.value) == reason


def test_a_stray_control_character_does_not_make_a_text_binary() -> None:
    assert decode(b"cliente_id,nombre\nC1,Ana\x07\n")[1] == "utf-8"


@pytest.mark.parametrize(
    ("text", "delimiter", "columns"),
    [
        ("cliente_id,nombre\n", ",", ("cliente_id", "nombre")),
        ("cliente_id;nombre\n", ";", ("cliente_id", "nombre")),
        ('"cliente_id";"nombre, completo";nombre\n', ";", ("cliente_id", "nombre_completo", "nombre")),
        ("\n\n CLIENTE-ID ; Nombre ;Fecha  Registro;\n", ";", (*KNOWN, "")),
        ("cliente_id\n", ",", ("cliente_id",)),
    ],
)
def test_the_header_tells_the_delimiter(text: str, delimiter: str, columns: tuple[str, ...]) -> None:
    header = read_header(text, KNOWN)
    assert (header.delimiter, header.columns) == (delimiter, columns)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("CLI-1,Ana,2025-07-25\n", "sin encabezado"),
        ("cliente_id\tnombre\n", "sin encabezado"),
        ("cliente_id|nombre|fecha_registro\n", "sin encabezado"),
        ('"cliente_id,nombre\n', "sin encabezado"),
        ("cliente_id,nombre,Nombre\n", "columna repetida: nombre"),
    ],
)
def test_a_header_that_is_none_rejects_the_file(text: str, reason: str) -> None:
    with pytest.raises(FileRejected) as rejected:
        read_header(text, KNOWN)
    assert str(rejected.value) == reason


@pytest.mark.parametrize(
    "name", ["Precio kWh (COP)", " precio_kwh_cop", "PRECIO-KWH-COP", "Precío kwh\xa0cop"]
)
def test_case_accents_spaces_and_punctuation_do_not_change_a_columns_name(name: str) -> None:
    assert column_name(name) == "precio_kwh_cop"
