from __future__ import annotations

import json
from typing import Any

import pytest
from botocore.exceptions import ClientError

from laguna.errors import BookmarkNotFound
from laguna.operations.bookmarks import SourceState, find_bookmark, reset_bookmark

STATES = {
    "ventas": {
        "jsonClass": "HadoopDataSourceJobBookmarkState",
        "timestamps": {"RUN": "2", "CURR_RUN_START_TIME": "2026-11-30T10:00:00.000Z", "INCLUDE_LIST": "a,b"},
    },
    "clientes": {"jsonClass": "JDBCJobBookmarkState", "keys": []},
    "empty": {"timestamps": {"RUN": "x", "INCLUDE_LIST": ""}},
}


class Glue:
    """Has one job that committed and one that did not."""

    def get_job_bookmark(self, JobName: str, RunId: str = "jr_2") -> dict[str, Any]:  # noqa: N803
        if (JobName, RunId) != ("etl", "jr_2"):
            raise ClientError({"Error": {"Code": "EntityNotFoundException"}}, "GetJobBookmark")
        entry = {"JobName": "etl", "Version": 2, "Run": 2, "RunId": RunId, "JobBookmark": json.dumps(STATES)}
        return {"JobBookmarkEntry": entry}

    def reset_job_bookmark(self, JobName: str, **run: str) -> dict[str, Any]:  # noqa: N803
        return {"JobBookmarkEntry": {"JobName": JobName, "Version": 3, "JobBookmark": "no json", **run}}

    def list_jobs(self) -> dict[str, Any]:
        return {"JobNames": ["nuevo", "etl"]}


def test_a_bookmark_is_read_source_by_source_whatever_wrote_it() -> None:
    found = find_bookmark(Glue(), "etl")
    assert (found.version, found.run, found.run_id, found.previous_run_id) == (2, 2, "jr_2", None)
    assert found.sources == [
        SourceState("ventas", 2, "2026-11-30T10:00:00.000Z", 2),
        SourceState("clientes", None, None, None),
        SourceState("empty", None, None, 0),
    ]


def test_a_reset_answers_with_the_bookmark_there_is_now() -> None:
    assert reset_bookmark(Glue(), "etl").run_id is None
    rewound = reset_bookmark(Glue(), "etl", "jr_1")
    assert (rewound.run_id, rewound.sources) == ("jr_1", [])


@pytest.mark.parametrize(
    ("job", "run", "words"),
    [
        ("otro", None, "There is no job 'otro'; the jobs are: etl, nuevo."),
        ("nuevo", None, "The job 'nuevo' has no bookmark"),
        ("etl", "jr_9", "The run 'jr_9' of the job 'etl' has no bookmark"),
    ],
)
def test_what_is_not_there_is_said_with_the_way_out(job: str, run: str | None, words: str) -> None:
    with pytest.raises(BookmarkNotFound, match=words):
        find_bookmark(Glue(), job, run)
