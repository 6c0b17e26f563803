"""An image: a process that has moto ready in memory and lends copies of itself, by fork.

Bringing a state of moto back takes seconds of imports and a replay. An image has done both and waits; a fork
of it answers requests within milliseconds, and the image stays as it was. It has one thread and no open
database, which is what makes forking safe. Its orders come over a socket that ends with the server.
"""

from __future__ import annotations

import gc
import json
import os
import signal
import socket
from contextlib import closing
from pathlib import Path
from typing import Any

from local_aws.moto_host.child import Child
from local_aws.moto_host.journal import Journal, entries_of
from local_aws.storage.copies import open_copy

LONGEST_ORDER = 65536


def be_image(child: Child, control: socket.socket, state: Path) -> None:
    """Lend copies until the socket ends; in the copies, be what they were ordered to be until that ends.

    An order is `{"journal": path}` with a socket: with a path the copy replays that saved journal and is an
    image itself, with null it serves requests. The answer is `{"pid": …}`; an image that is ready says so.
    """
    while True:
        # Objects of the collector's oldest generation are left where they are, and so are their pages shared.
        gc.collect()
        gc.freeze()
        _tell(control, {"ready": True})
        ordered = _forked(control)
        if ordered is None:
            return
        order, given = ordered
        if order["journal"] is None:
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            child.serve(given, Journal(state / "moto" / "journal.sqlite"))
            return
        with closing(open_copy(Path(order["journal"]))) as journal:
            child.replay(entries_of(journal))
        control = given


def _forked(control: socket.socket) -> tuple[dict[str, Any], socket.socket] | None:
    """In a new copy: its order and its socket. In the image: None, when there are no more orders."""
    # Copies are nobody's children to wait for: their end is seen by the end of their socket.
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    while True:
        data, descriptors, _, _ = socket.recv_fds(control, LONGEST_ORDER, 1)
        if not data:
            return None
        pid = os.fork()
        if pid == 0:
            control.close()
            return json.loads(data), socket.socket(fileno=descriptors[0])
        os.close(descriptors[0])
        _tell(control, {"pid": pid})


def _tell(control: socket.socket, message: dict[str, Any]) -> None:
    control.sendall(json.dumps(message).encode() + b"\n")
