from __future__ import annotations

import csv
import io

from hypothesis import given
from hypothesis import strategies as st

from pipeline.transforms.csv_records import MAX_LINES, Record, records


def fields_of(text: str, delimiter: str = ",") -> list[list[str] | None]:
    return [record.fields for record in records(text, delimiter)]


def test_quoted_fields_hold_delimiters_quotes_and_line_breaks() -> None:
    assert fields_of('a,"b, ""c""\r\nd",e\r\nf,g,h\r\n') == [["a", 'b, "c"\r\nd', "e"], ["f", "g", "h"]]


def test_a_record_knows_its_first_line_and_its_own_text() -> None:
    found = list(records('a,b\n\n"c\nd",e\nf,g', ","))
    assert found == [
        Record(1, ["a", "b"], "a,b"),
        Record(3, ["c\nd", "e"], '"c\nd",e'),
        Record(5, ["f", "g"], "f,g"),
    ]


def test_lines_of_nothing_are_no_records() -> None:
    assert fields_of("\n  \na,b\n\t\n\x1a") == [["a", "b"]]


def test_a_line_of_delimiters_is_a_record() -> None:
    assert fields_of(";;\n", ";") == [["", "", ""]]


def test_only_line_feeds_and_returns_end_a_line() -> None:
    assert fields_of("a\u2028b,c\x0bd\re,f\n") == [["a\u2028b", "c\x0bd"], ["e", "f"]]


def test_a_quote_inside_a_field_is_text() -> None:
    assert fields_of('Taller "El Roble",b\n"El" Roble,c\n') == [['Taller "El Roble"', "b"], ["El Roble", "c"]]


def test_an_unclosed_quote_spoils_its_own_line_only() -> None:
    assert fields_of('a,"b\nc,d\ne,"f"\ng,h\n') == [None, ["c", "d"], ["e", "f"], ["g", "h"]]


def test_an_unclosed_quote_that_meets_another_does_not_swallow_the_lines_between() -> None:
    assert fields_of('1,"Ana\n2,"Luis"\n3,Eva\n') == [None, ["2", "Luis"], ["3", "Eva"]]


def test_many_unclosed_quotes_take_bounded_work_and_lose_no_line() -> None:
    lines = 5 * MAX_LINES
    assert fields_of('a,"b\n' * (lines - 1) + "c,d\n") == [None] * (lines - 1) + [["c", "d"]]


def test_a_field_beyond_the_readers_limit_spoils_its_own_line_only() -> None:
    assert fields_of(f"a,b\n{'x' * 200_000},c\nd,e\n") == [["a", "b"], None, ["d", "e"]]


texts = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=8)


@given(st.lists(st.lists(texts, min_size=2, max_size=4), max_size=6), st.sampled_from(",;"))
def test_whatever_a_csv_writer_writes_is_read_back(rows: list[list[str]], delimiter: str) -> None:
    text = io.StringIO()
    csv.writer(text, delimiter=delimiter, quoting=csv.QUOTE_ALL).writerows(rows)
    assert fields_of(text.getvalue(), delimiter) == rows


@given(st.text('ab,"\n\r', max_size=60))
def test_no_letter_or_delimiter_of_any_text_is_lost(text: str) -> None:
    kept = "".join(record.raw for record in records(text, ","))
    assert [c for c in kept if c in "ab,"] == [c for c in text if c in "ab,"]
