"""The page of functions says what the code does."""

from __future__ import annotations

from pathlib import Path

import pytest

from local_athena.errors import QueryFailed
from local_athena.functions.catalogue import FORMS, KNOWN, MISSING
from local_athena.functions.page import page
from local_athena.translate.special_forms import SPECIAL
from tests.unit.local_athena.conftest import Ask

PAGE = Path(__file__).parents[3] / "docs" / "support" / "athena-functions.md"


def test_the_page_of_functions_is_the_one_that_the_library_makes() -> None:
    assert PAGE.read_text() == page(), "run: python -m local_athena.functions.page > " + str(PAGE)


def test_only_known_functions_are_said_to_miss_something() -> None:
    assert set(MISSING) <= KNOWN


def test_the_forms_that_are_named_are_those_that_are_translated() -> None:
    assert set(SPECIAL) == FORMS


def test_a_function_of_athena_that_is_absent_is_refused_by_name(ask: Ask) -> None:
    with pytest.raises(
        QueryFailed, match="NOT_SUPPORTED: line 1:8: Function 'learn_classifier' is not supported"
    ):
        ask("SELECT learn_classifier(1, 2)")


def test_a_function_that_nobody_knows_is_not_registered(ask: Ask) -> None:
    with pytest.raises(
        QueryFailed, match="FUNCTION_NOT_FOUND: line 1:8: Function 'frobnicate' not registered"
    ):
        ask("SELECT frobnicate(1)")
