import json

import pytest

from local_aws.moto_host import long_polls
from local_aws.moto_host.long_polls import LongPolls
from local_aws.moto_host.messages import Request, Response

SIGNED = ("Authorization", "AWS4-HMAC-SHA256 Credential=test/20260101/us-east-1/sqs/aws4_request, x")
QUEUE = {"QueueUrl": "http://localhost/0/q"}
MESSAGE = Response(200, [], b'{"Messages": [{"ReceiptHandle": "h"}]}')
NOTHING = Response(200, [], b"{}")


class Queue:
    """Answers ReceiveMessage from a list, then with nothing; remembers what it was asked."""

    def __init__(self, *answers: Response, default_wait: int = 0) -> None:
        self.asked: list[dict[str, object]] = []
        self._answers = list(answers)
        self._default_wait = default_wait

    def __call__(self, request: Request) -> Response:
        if request.header("x-amz-target") == "AmazonSQS.GetQueueAttributes":
            attributes = {"ReceiveMessageWaitTimeSeconds": str(self._default_wait)}
            return Response(200, [], json.dumps({"Attributes": attributes}).encode())
        self.asked.append(json.loads(request.body))
        return self._answers.pop(0) if self._answers else NOTHING


def receive(**fields: object) -> Request:
    body = json.dumps({**QUEUE, **fields}).encode()
    return Request("POST", "/", [SIGNED, ("X-Amz-Target", "AmazonSQS.ReceiveMessage")], body)


def test_a_long_poll_asks_again_until_there_is_a_message(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(long_polls, "POLL_SECONDS", 0.001)
    queue = Queue(NOTHING, NOTHING, MESSAGE)
    assert LongPolls(queue)(receive(WaitTimeSeconds=20, MaxNumberOfMessages=3)) == MESSAGE
    assert queue.asked == [{**QUEUE, "WaitTimeSeconds": 0, "MaxNumberOfMessages": 3}] * 3


def test_the_wait_of_the_queue_counts_when_the_request_has_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(long_polls, "POLL_SECONDS", 0.001)
    queue = Queue(NOTHING, MESSAGE, default_wait=20)
    assert LongPolls(queue)(receive()) == MESSAGE


def test_an_error_ends_the_poll() -> None:
    refusal = Response(400, [], b"")
    assert LongPolls(Queue(refusal))(receive(WaitTimeSeconds=20)) == refusal


def test_a_short_poll_and_a_wait_that_is_too_long_are_passed_on_unchanged() -> None:
    queue = Queue()
    LongPolls(queue)(receive(WaitTimeSeconds=0))
    LongPolls(queue)(receive(WaitTimeSeconds=21))
    assert [asked["WaitTimeSeconds"] for asked in queue.asked] == [0, 21]
