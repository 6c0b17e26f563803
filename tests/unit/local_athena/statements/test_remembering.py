"""Functions of moments keep their latest answers, and no more of them than fit."""

from __future__ import annotations

from local_athena.engine.python_functions import ENTRIES, LONG, remembering


def test_an_answer_is_computed_once() -> None:
    asked: list[str] = []

    def upper(text: str) -> str:
        asked.append(text)
        return text.upper()

    one = remembering(upper)
    assert [one("a"), one("b"), one("a")] == ["A", "B", "A"]
    assert asked == ["a", "b"]


def test_long_texts_are_not_kept() -> None:
    asked: list[str] = []

    def size(text: str) -> int:
        asked.append(text)
        return len(text)

    one = remembering(size)
    assert [one("x" * LONG), one("x" * LONG)] == [LONG, LONG]
    assert len(asked) == 2


def test_what_is_kept_is_bounded() -> None:
    asked: list[int] = []

    def same(value: int) -> int:
        asked.append(value)
        return value

    one = remembering(same)
    for value in range(ENTRIES + 1):
        one(value)
    one(0)
    assert len(asked) == ENTRIES + 2
