"""Exclude patterns: AWS's documented examples and their edges."""

from __future__ import annotations

import time

import pytest

from local_aws.glue.crawlers.exclusions import glob_pattern


@pytest.mark.parametrize(
    ("glob", "yes", "no"),
    [
        ("*.csv", ["a.csv"], ["a.json", "deep/a.csv"]),
        ("**.csv", ["a.csv", "deep/er/a.csv"], ["a.json"]),
        ("*.*", ["a.b"], ["ab"]),
        ("*.{csv,avro}", ["a.csv", "a.avro"], ["a.orc"]),
        ("foo.?", ["foo.a"], ["foo.", "foo.ab", "foo./"]),
        ("myfolder/*", ["myfolder/a"], ["myfolder/a/b", "myfolder"]),
        ("myfolder/*/*", ["myfolder/a/b"], ["myfolder/a"]),
        ("myfolder/**", ["myfolder/a/b", "myfolder/a"], ["other/a"]),
        ("[abc].csv", ["a.csv"], ["d.csv"]),
        ("[a-c]", ["b"], ["d"]),
        ("[!abc]", ["d"], ["a", "/"]),
        ("[^abc]", ["d"], ["a"]),
        (r"a\*b", ["a*b"], ["axb"]),
        ("a.b", ["a.b"], ["axb"]),
        ("year=2025/**", ["year=2025/x"], ["year=2026/x"]),
        ("a,b", ["a,b"], ["a"]),
        ("x[+-9]", ["x+", "x.", "x0", "x9"], ["x/", "xa"]),
        ("x[/]", [], ["x/", "x"]),
        ("[-a]", ["-", "a"], ["b"]),
        (r"[\\^]", ["\\", "^"], ["x"]),
    ],
)
def test_glob(glob: str, yes: list[str], no: list[str]) -> None:
    pattern = glob_pattern(glob)
    assert [key for key in yes if not pattern.fullmatch(key)] == []
    assert [key for key in no if pattern.fullmatch(key)] == []


@pytest.mark.parametrize("glob", ["[abc", "{a,b", "a}"])
def test_an_open_bracket_or_brace_is_refused(glob: str) -> None:
    with pytest.raises(ValueError, match=r"not found|do not match"):
        glob_pattern(glob)


def test_a_glob_of_many_stars_is_answered_at_once() -> None:
    started = time.perf_counter()
    assert not glob_pattern("**a" * 30 + "b").fullmatch("a" * 1000)
    assert time.perf_counter() - started < 1
