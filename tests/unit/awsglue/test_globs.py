from __future__ import annotations

import pytest
from awsglue.globs import fixed_part, glob_pattern, literal


@pytest.mark.parametrize(
    ("glob", "matched", "not_matched"),
    [
        ("*.pdf", ["a.pdf", "ñ b.pdf"], ["in/a.pdf", "a.pdf2"]),
        ("**.pdf", ["a.pdf", "in/deep/a.pdf"], ["a.csv"]),
        ("in/**", ["in/a", "in/b/c"], ["in", "out/in/a"]),
        ("a?[0-9]", ["ab1"], ["a/1", "abc", "ab"]),
        ("[!a]x", ["bx"], ["ax", "/x"]),
        ("*.{csv,json}", ["a.csv", "a.json"], ["a.cs", "a.{csv,json}"]),
        (r"a\*b+%(", ["a*b+%("], ["aXb+%("]),
        ("[]x", [], ["x"]),
    ],
)
def test_a_glob_matches_whole_paths(glob: str, matched: list[str], not_matched: list[str]) -> None:
    if glob == "[]x":
        with pytest.raises(ValueError, match="not closed"):
            glob_pattern(glob)
        return
    pattern = glob_pattern(glob)
    assert [one for one in matched + not_matched if pattern.fullmatch(one)] == matched


@pytest.mark.parametrize("glob", ["a[b", "{a,b", "a}"])
def test_a_glob_that_is_not_closed_is_refused(glob: str) -> None:
    with pytest.raises(ValueError, match="glob"):
        glob_pattern(glob)


def test_a_literal_matches_only_itself() -> None:
    name = r"a*b?[c]{d}\e %.csv"
    assert glob_pattern(literal(name)).fullmatch(name)
    assert not glob_pattern(literal(name)).fullmatch("aXbY[c]{d}\\e %.csv")


def test_the_fixed_part_ends_at_the_last_whole_folder() -> None:
    assert [fixed_part(glob) for glob in ("a/b", "a/b*", "a/*/c", "*")] == ["a/b", "a/", "a/", ""]
