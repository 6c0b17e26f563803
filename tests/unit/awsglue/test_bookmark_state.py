"""What a bookmark chooses of a listing, and what it says after."""

from __future__ import annotations

import json
from typing import Any

import pytest
from awsglue.bookmark_state import (
    Bookmark,
    BookmarkUnreadable,
    Limits,
    S3Object,
    advance,
    bookmark_of,
    merge,
    parse,
    window,
)

MINUTE = 60_000
NOW = 1_800_000_000_000
OLD = NOW - 60 * MINUTE


def at(key: str, modified: int = OLD, size: int = 10, etag: str = "") -> S3Object:
    return S3Object("lake", key, size, modified, etag)


def keys(objects: list[S3Object]) -> list[str]:
    return [one.key for one in objects]


def after(
    bookmark: Bookmark, *objects: S3Object, now: int = NOW, **limits: Any
) -> tuple[list[str], Bookmark]:
    chosen, next_one = advance(bookmark, objects, Limits(**limits), now)
    return keys(chosen), bookmark_of(json.loads(json.dumps(next_one.entry())))


def test_what_was_read_is_not_read_again_and_what_is_new_or_changed_is() -> None:
    first, bookmark = after(Bookmark(), at("a"), at("b", NOW - 1))
    again, bookmark = after(bookmark, at("a"), at("b", NOW - 1))
    later = after(bookmark, at("a"), at("b", NOW + MINUTE), at("c", NOW + MINUTE), now=NOW + 2 * MINUTE)
    assert (first, again, later[0]) == (["a", "b"], [], ["b", "c"])


def test_of_objects_of_one_second_each_is_read_once() -> None:
    _, bookmark = after(Bookmark(), at("b", NOW))
    found, bookmark = after(bookmark, at("a", NOW), at("b", NOW), at("c", NOW))
    assert found == ["a", "c"]
    assert after(bookmark, at("a", NOW), at("b", NOW), at("c", NOW))[0] == []


def test_an_object_that_changed_within_its_second_is_read_again() -> None:
    _, bookmark = after(Bookmark(), at("a", NOW, etag="1"))
    assert after(bookmark, at("a", NOW, etag="2"))[0] == ["a"]


def test_an_upload_that_began_before_the_last_run_and_ended_after_it_is_not_lost() -> None:
    _, bookmark = after(Bookmark(), at("a", NOW - MINUTE))
    late = at("late", NOW - 10 * MINUTE)
    assert after(bookmark, at("a", NOW - MINUTE), late, now=NOW + MINUTE)[0] == ["late"]
    assert after(bookmark, at("too-late", NOW - 16 * MINUTE))[0] == []


def test_the_list_is_of_the_band_only_and_does_not_grow() -> None:
    many = [at(f"{n:05}", OLD) for n in range(5000)]
    chosen, bookmark = after(Bookmark(), *many, at("new", NOW))
    assert (len(chosen), len(bookmark.read)) == (5001, 1)
    for minutes in range(0, 600, 20):
        _, bookmark = after(bookmark, at(f"m{minutes}", NOW + minutes * MINUTE), now=NOW + minutes * MINUTE)
    assert len(bookmark.read) == 1


def test_what_the_list_has_no_room_for_waits_for_the_next_run() -> None:
    objects = [at(name, NOW) for name in "abcde"]
    seen = []
    bookmark, now = Bookmark(), NOW
    for _ in range(4):
        found, bookmark = after(bookmark, *objects, now=now, files_in_band=2)
        seen.append(found)
        now += 20 * MINUTE
    assert seen == [["a", "b"], ["c", "d", "e"], [], []]


@pytest.mark.parametrize("limits", [{"files": 2}, {"size": 25}])
@pytest.mark.parametrize("modified", [OLD, NOW])
def test_bounds_leave_the_rest_to_the_next_runs_in_order_of_time(
    limits: dict[str, int], modified: int
) -> None:
    objects = [at("e", modified - 1), *(at(name, modified) for name in "abcd")]
    seen, bookmark = [], Bookmark()
    for _ in range(4):
        found, bookmark = after(bookmark, *objects, **limits)
        seen.append(found)
    assert seen == [["e", "a"], ["b", "c"], ["d"], []]


def test_an_object_larger_than_the_bound_is_read_alone() -> None:
    found, bookmark = after(Bookmark(), at("a", size=1000), at("b"), size=25)
    assert (found, after(bookmark, at("a", size=1000), at("b"), size=25)[0]) == (["a"], ["b"])


def test_two_reads_of_one_name_in_a_run_are_both_remembered() -> None:
    _, one = after(Bookmark(), at("a", NOW))
    _, other = after(Bookmark(), at("b", NOW))
    assert after(merge(one, other), at("a", NOW), at("b", NOW), at("c", NOW))[0] == ["c"]


def test_a_window_has_what_was_read_after_one_run_and_up_to_another() -> None:
    _, first = after(Bookmark(), at("a", NOW))
    _, last = after(first, at("a", NOW), at("b", NOW), at("c", NOW + 1), now=NOW + 2)
    listed = [at("c", NOW + 1), at("a", NOW), at("b", NOW), at("d", NOW + 5)]
    assert keys(window(first, last, listed, Limits())) == ["b", "c"]
    assert keys(window(first, last, listed, Limits(files=1))) == ["b"]


def test_the_text_has_glues_names() -> None:
    _, bookmark = after(Bookmark(), at("a", NOW))
    entry = bookmark.entry()
    assert entry["jsonClass"] == "HadoopDataSourceJobBookmarkState"
    assert {"RUN": "1", "HIGH_BAND": "900000", "CURR_RUN_START_TIME": "2027-01-15T08:00:00.000Z"}.items() <= (
        entry["timestamps"].items()
    )


@pytest.mark.parametrize("text", ["", "[]", "{", "null"])
def test_a_text_that_is_no_bookmark_is_refused(text: str) -> None:
    with pytest.raises(BookmarkUnreadable):
        parse(text)


@pytest.mark.parametrize(
    "entry",
    [
        None,
        {},
        {"jsonClass": "RelationalizeState", "timestamps": {}},
        {"jsonClass": "HadoopDataSourceJobBookmarkState", "timestamps": {"RUN": "x"}},
        {"jsonClass": "HadoopDataSourceJobBookmarkState", "timestamps": []},
    ],
)
def test_an_entry_that_is_none_is_refused(entry: Any) -> None:
    with pytest.raises(BookmarkUnreadable):
        bookmark_of(entry)
