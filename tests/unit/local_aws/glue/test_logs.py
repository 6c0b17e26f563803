from __future__ import annotations

from typing import Any

from botocore.exceptions import ClientError

from local_aws.glue.logs import LONGEST_EVENT, MOST_BYTES, LogStream, batches


class Exists(ClientError):
    def __init__(self) -> None:
        super().__init__({"Error": {"Code": "ResourceAlreadyExistsException"}}, "CreateLogGroup")


class Logs:
    """A `logs` client that keeps what it is given."""

    class exceptions:  # noqa: N801
        ResourceAlreadyExistsException = Exists

    def __init__(self, *, broken: bool = False) -> None:
        self.messages: list[str] = []
        self.broken = broken

    def create_log_group(self, **names: Any) -> None:
        raise Exists

    def create_log_stream(self, **names: Any) -> None:
        self.stream = names

    def put_log_events(self, logEvents: list[dict[str, Any]], **names: Any) -> None:  # noqa: N803
        if self.broken:
            raise ClientError({"Error": {"Code": "Internal"}}, "PutLogEvents")
        assert names == self.stream
        self.messages += [event["message"] for event in logEvents]


def test_lines_arrive_in_order_and_empty_ones_are_kept() -> None:
    logs = Logs()
    stream = LogStream(logs, "/aws-glue/jobs/output", "jr_1")
    for line in ("one", "", "two"):
        stream.write(line)
    stream.close()
    assert logs.messages == ["one", " ", "two"]


def test_a_line_that_is_too_long_is_cut_into_several_events() -> None:
    logs = Logs()
    stream = LogStream(logs, "g", "s")
    stream.write("ñ" * (LONGEST_EVENT + 1))
    stream.close()
    assert [len(message) for message in logs.messages] == [LONGEST_EVENT, 1]


def test_a_log_that_cannot_be_written_does_not_stop_the_writer() -> None:
    stream = LogStream(Logs(broken=True), "g", "s")
    for _ in range(100):
        stream.write("x")
    stream.close()


def test_no_batch_is_larger_than_cloudwatch_takes() -> None:
    events = [{"message": "x" * 1000} for _ in range(2000)]
    cut = list(batches(events))
    assert [event for batch in cut for event in batch] == events
    assert all(sum(len(event["message"]) + 26 for event in batch) <= MOST_BYTES for batch in cut)
