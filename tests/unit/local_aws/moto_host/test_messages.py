import json

from hypothesis import given
from hypothesis import strategies as st

from local_aws.moto_host.messages import (
    LENGTHS,
    Request,
    Response,
    request_frame,
    request_of,
    response_frame,
    response_of,
)

headers = st.lists(st.tuples(st.text(max_size=20), st.text(max_size=20)), max_size=4)


def taken_apart(frame: bytes) -> tuple[dict[str, object], bytes]:
    head_length, body_length = LENGTHS.unpack(frame[: LENGTHS.size])
    assert len(frame) == LENGTHS.size + head_length + body_length
    head = frame[LENGTHS.size : LENGTHS.size + head_length]
    return json.loads(head), frame[LENGTHS.size + head_length :]


@given(method=st.text(), target=st.text(), headers=headers, body=st.binary(max_size=100))
def test_a_request_arrives_as_it_was_sent(
    method: str, target: str, headers: list[tuple[str, str]], body: bytes
) -> None:
    request = Request(method, target, headers, body)
    assert request_of(*taken_apart(request_frame(7, request))) == request


@given(status=st.integers(100, 599), headers=headers, body=st.binary(max_size=100))
def test_an_answer_arrives_as_it_was_sent(status: int, headers: list[tuple[str, str]], body: bytes) -> None:
    response = Response(status, headers, body)
    assert response_of(*taken_apart(response_frame(7, response))) == response
