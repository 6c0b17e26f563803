"""The end of something that ran in the background must be kept, or it runs for ever to whoever asks.

Nobody waits there for an error answer, so while the disk is full the write is tried again until there is
room.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TypeVar

from local_aws.storage.answers import answer_for

FIRST_WAIT, LONGEST_WAIT = 0.1, 2.0

Result = TypeVar("Result")


def when_there_is_room(write: Callable[[], Result], give_up: Callable[[], bool] = lambda: False) -> Result:
    """What `write` returns, once the disk takes it; its last error when `give_up` says so."""
    wait = FIRST_WAIT
    while True:
        try:
            return write()
        except Exception as error:
            answer = answer_for(error)
            if answer is None or answer.code != "InsufficientStorage" or give_up():
                raise
        time.sleep(wait)
        wait = min(wait * 2, LONGEST_WAIT)
