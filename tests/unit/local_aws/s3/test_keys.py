"""Keys as paths: every key has its file, and no key has another's."""

from __future__ import annotations

import os

import pytest
from hypothesis import given
from hypothesis import strategies as st

from local_aws.s3.keys import file_segment, folder_segment, is_piece, object_path

SEGMENTS = st.one_of(
    st.sampled_from(
        ["", ".", "..", "a", "~s3~a", "~s3-a", "~s3+a", ".~s3~", ".a.crc", "año=2025", "%25", "a%3Ab"]
    ),
    st.text(st.characters(exclude_characters="/", exclude_categories=["Cs"]), max_size=8),
    st.text("xñ%", min_size=200, max_size=500),
)
KEYS = (
    st.lists(SEGMENTS, min_size=1, max_size=4).map("/".join).filter(lambda key: 0 < len(key.encode()) <= 1024)
)


def key_of(path: str) -> str | None:
    """The key of a file at `path`, read back the way that a walk does."""
    *folders, leaf = path.split("/")
    segments: list[str] = []
    pieces: tuple[str, ...] = ()
    for name in folders:
        if is_piece(name):
            pieces = (*pieces, name)
            continue
        segment = folder_segment(name, pieces)
        if segment is None:
            return None
        segments.append(segment)
        pieces = ()
    last = file_segment(leaf, pieces)
    return None if last is None else "/".join([*segments, last])


@given(KEYS)
def test_both_paths_of_a_key_lead_back_to_it(key: str) -> None:
    assert [key_of(path) for path in object_path(key)] == [key, key]


@given(KEYS)
def test_a_path_stays_within_its_bucket_and_fits_the_file_system(key: str) -> None:
    for path in object_path(key):
        assert os.path.normpath(path) == path
        assert not path.startswith(("/", "../"))
        assert all(0 < len(name.encode()) <= 255 and "\0" not in name for name in path.split("/"))


@pytest.mark.parametrize(
    "key", ["raw/clientes/year=2025/a.csv", "año/ciudad=Santa Marta/x", "ciudad=a%3Ab/x", ".hidden"]
)
def test_an_ordinary_key_is_its_own_path(key: str) -> None:
    assert object_path(key).natural == key


@pytest.mark.parametrize("name", ["~s3", "~s3x", "~s3~%ff", "~s3~", ".~s3~x", ".part-0.csv.crc", "\udcff"])
def test_a_name_that_no_key_gives_is_no_object(name: str) -> None:
    assert file_segment(name) is None


def test_a_folder_marker_is_hidden_from_engines() -> None:
    assert object_path("raw/").natural == "raw/.~s3~"
