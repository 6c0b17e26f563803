from __future__ import annotations

import json

from pipeline.transforms.csv_lines import FileFacts, Layout, Line, lines_of

LAYOUT = Layout(("id", "nombre", "ciudad"), frozenset({"id"}))


def read(data: bytes) -> tuple[list[Line], FileFacts]:
    *lines, last = lines_of("raw/t/f.csv", data, LAYOUT)
    assert last[:-1] == ("raw/t/f.csv", 0, *[None] * 6)
    return lines, FileFacts(**json.loads(str(last[-1])))


def test_columns_are_matched_by_name_and_extra_ones_kept_aside() -> None:
    lines, facts = read(b"ciudad;tel;ID\nCali;301;a1\n")
    assert lines == [("raw/t/f.csv", 2, "a1", None, "Cali", '{"tel": "301"}', "Cali;301;a1", None, None)]
    assert facts == FileFacts("raw/t/f.csv", "utf-8", ";", 1, None, ["tel"], ["nombre"])  # type: ignore[arg-type]


def test_a_line_with_other_than_the_headers_fields_keeps_its_text_and_has_no_values() -> None:
    lines, facts = read(b'id,nombre,ciudad\na,b\na,b,c,d\n"a,b,c\na,b,c\n')
    nothing = (None, None, None, None)
    assert lines == [
        ("raw/t/f.csv", 2, *nothing, "a,b", "fila: faltan campos", None),
        ("raw/t/f.csv", 3, *nothing, "a,b,c,d", "fila: sobran campos", None),
        ("raw/t/f.csv", 4, *nothing, '"a,b,c', "fila: comillas sin cerrar", None),
        ("raw/t/f.csv", 5, "a", "b", "c", None, "a,b,c", None, None),
    ]
    assert facts.rows == 4


def test_an_extra_column_that_comes_twice_keeps_both_values() -> None:
    lines, _ = read(b"id,x,x\n1,2,3\n")
    assert lines[0][5] == '{"x": ["2", "3"]}'


def test_a_file_without_a_required_column_has_no_lines_and_says_which() -> None:
    lines, facts = read(b"nombre,ciudad\nAna,Cali\n")
    assert lines == []
    assert (facts.rejected_whole, facts.encoding) == ("falta la columna id", "utf-8")


def test_a_file_with_only_a_header_is_read_and_has_no_lines() -> None:
    lines, facts = read(b"id,nombre,ciudad\n")
    assert (lines, facts.rows, facts.rejected_whole) == ([], 0, None)
