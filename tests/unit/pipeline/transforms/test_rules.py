"""The rules of a single value, each as a table of cases run in one DataFrame."""

from __future__ import annotations

import datetime
import re
import unicodedata
from collections.abc import Callable
from decimal import ROUND_HALF_UP, Decimal
from random import Random
from typing import Any

import pytest
from pyspark.sql import Column, SparkSession

from pipeline.transforms.categories import SEGMENTO, TIPO_ENERGIA, TIPO_TRANSACCION, category
from pipeline.transforms.cities import ACCENTED, city
from pipeline.transforms.dates import date
from pipeline.transforms.numbers import number
from pipeline.transforms.text import clean_texts, identifier

pytestmark = pytest.mark.spark


@pytest.fixture
def meanings(spark: SparkSession) -> Callable[[Callable[[str], Column], list[str]], dict[str, Any]]:
    """What each text means by a rule, which is made for a column's name."""

    def read(rule: Callable[[str], Column], texts: list[str]) -> dict[str, Any]:
        frame = spark.createDataFrame([(text, text) for text in texts], "original string, valor string")
        found = clean_texts(frame, ["valor"]).select("original", rule("valor")).collect()
        return {row["original"]: row["valor"] for row in found}

    return read


NUMBERS = {
    "1.234,56": "1234.56", "1234,56": "1234.56", "1234.56": "1234.56", "1,234.56": "1234.56",
    "1.234.567,8": "1234567.8", "1,234,567.8": "1234567.8", "1.234.567": "1234567", "1,234,567": "1234567",
    "1.234": "1.234", "1,234": "1.234", "12": "12", "007": "7", "0": "0", ".5": "0.5", ",5": "0.5",
    "5.": "5", "5,": "5",
    "-1.234,5": "-1234.5", "+1,5": "1.5", "-0": "0", "  12,5\xa0": "12.5",
    "0,0005": "0.001", "0,0004": "0", "2,0015": "2.002", "-2,0015": "-2.002",
    "999999999999999,999": "999999999999999.999",
    "999999999999999,9995": None, "1000000000000000": None, "9" * 60: None,
    "": None, " ": None, "-": None, ".": None, ",": None, "abc": None, "12a": None, "1e3": None, "0x10": None,
    "1 234": None, "1.23.4": None, "1.2345.678": None, "1234.567.890": None, "1,2345.67": None,
    "12,34,567.89": None,
    "1.234,567.89": None, "1,234.567,89": None, "1..2": None, "1.,2": None, "--1": None, "1-": None,
    "- 1": None,
    "$ 1": None, "1 COP": None, "٣": None, "１２": None, "NaN": None, "Infinity": None, "1.234\n": "1.234",
}  # fmt: skip


def test_numbers_are_read_exactly_or_not_at_all(meanings: Any) -> None:
    found = meanings(lambda column: number(column, scale=3), list(NUMBERS))
    expected = {text: None if value is None else Decimal(value) for text, value in NUMBERS.items()}
    assert found == expected


def test_numbers_however_written_round_half_up_as_decimals_do(meanings: Any) -> None:
    random = Random(7)
    expected = {}
    for _ in range(2_000):
        value = Decimal(random.randrange(10 ** random.randrange(1, 15))).scaleb(-random.randrange(1, 6))
        plain, english = f"{value:f}", f"{value:,f}"
        for text in (plain, plain.replace(".", ","), english, english.translate(str.maketrans(",.", ".,"))):
            if not re.fullmatch(r"\d+([.,]\d{3})+", text) or text == plain or text == plain.replace(".", ","):
                expected[text] = value.quantize(Decimal("0.01"), ROUND_HALF_UP)
    assert meanings(lambda column: number(column, scale=2), list(expected)) == expected


DATES = {
    "2025-07-25": "2025-07-25", "2025/07/25": "2025-07-25", "25/07/2025": "2025-07-25",
    "25-07-2025": "2025-07-25",
    "2025-07-25T10:30:00": "2025-07-25", "2025-07-25T23:59:59.999-05:00": "2025-07-25",
    "2025-07-25T00:30:00Z": "2025-07-25", "2025-07-25 10:30": "2025-07-25",
    "2025-07-25T10:30:00,5+0530": "2025-07-25",
    " 25/07/2025\t": "2025-07-25", "29/02/2024": "2024-02-29", "0202-07-25": "0202-07-25",
    "01-02-2025": "2025-02-01",
    "31/02/2025": None, "29/02/2025": None, "2025-13-01": None, "00/07/2025": None, "2025-07-00": None,
    "31/04/2025": None,
    "0000-01-01": None, "2025-07-25T25:00:00": None, "2025-07-25T10:60": None, "2025-07-25T": None,
    "2025-07-25T10": None,
    "2025-07-25 ayer": None, "2025-7-5": None, "5/7/2025": None, "25/07-2025": None, "2025-07/25": None,
    "07/25/2025": None,
    "25/07/25": None, "20250725": None, "25 de julio": None, "": None, "45863": None,
    "25/07/2025 10:30": None,
    "２０２５-07-25": None, "2025-07-25T10:30:00+24:00": None,
}  # fmt: skip


def test_dates_are_those_of_the_calendar_as_written(meanings: Any) -> None:
    found = {text: value and value.isoformat() for text, value in meanings(date, list(DATES)).items()}
    assert found == DATES


def test_every_day_of_a_leap_year_is_read_in_every_format(meanings: Any) -> None:
    days = [datetime.date(2024, 1, 1) + datetime.timedelta(days=n) for n in range(366)]
    formats = ("%Y-%m-%d", "%Y/%m/%d", "%d/%m/%Y", "%d-%m-%Y", "%Y-%m-%dT23:59:59-05:00")
    expected = {day.strftime(form): day for day in days for form in formats}
    assert meanings(date, list(expected)) == expected


def test_categories_match_whatever_their_case_and_accents(meanings: Any) -> None:
    for values in (TIPO_ENERGIA, TIPO_TRANSACCION, SEGMENTO):
        expected = {}
        for value in values:
            bare = "".join(c for c in unicodedata.normalize("NFD", value) if not unicodedata.combining(c))
            written = (
                value,
                value.upper(),
                value.title(),
                bare,
                bare.upper(),
                unicodedata.normalize("NFD", value),
            )
            expected |= dict.fromkeys([*written, f" {bare}\xa0", f"\t{value}\n"], value)
        expected |= dict.fromkeys(["", "otra", f"{values[0]} x", values[0][:-1], "null"])
        assert meanings(lambda column, values=values: category(column, values), list(expected)) == expected


CITIES = {
    "bogota": "Bogotá", "BOGOTÁ ": "Bogotá", "Bogotá, D.C.": "Bogotá", "bogota dc": "Bogotá",
    "  medellin": "Medellín",
    "Santa\xa0Marta": "Santa Marta", "SANTA  MARTA": "Santa Marta", "CALI": "Cali", "ITAGUI": "Itagüí",
    "ocana": "Ocaña",
    "cartagena de indias": "Cartagena de Indias", "SAN JOSE DEL GUAVIARE": "San José del Guaviare",
    "villa de leyva": "Villa de Leyva", "la dorada": "La Dorada",
    "SANTA ROSA DE CABAL": "Santa Rosa de Cabal",
    "Cúcuta": "Cúcuta", "cucuta": "Cúcuta", "MONTERÍA": "Montería", "": None, " \t ": None,
}  # fmt: skip


def test_cities_have_one_spelling(meanings: Any) -> None:
    assert meanings(city, list(CITIES)) == CITIES


def test_every_listed_city_gets_its_accents_back(meanings: Any) -> None:
    bare = {
        "".join(c for c in unicodedata.normalize("NFD", name) if not unicodedata.combining(c)).upper(): name
        for name in ACCENTED
    }
    assert meanings(city, list(bare)) == bare


def test_ids_are_trimmed_and_upper_case(meanings: Any) -> None:
    texts = {" cli-1 ": "CLI-1", "\ufeffñ\u200b2\xa0": "Ñ 2", "a\t \nb": "A B", "": None, "\xa0\u3000": None}
    assert meanings(identifier, list(texts)) == texts
