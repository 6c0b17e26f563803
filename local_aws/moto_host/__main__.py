"""moto's process. Started by `local_aws.moto_host.host`; its standard input is a socket to the server.

It replays the journal, then answers requests until the socket ends; with `--image` it is an image instead,
which is forked for the states of snapshots. The socket ends when the server does, however it ends, so this
process never outlives it.
"""

from __future__ import annotations

import argparse
import logging
import os
import signal
import socket
import sys
from pathlib import Path

from local_aws.moto_host.child import Child
from local_aws.moto_host.image import be_image
from local_aws.moto_host.journal import Journal


def main() -> None:
    """Serve the socket on standard input."""
    parser = argparse.ArgumentParser(prog="python -m local_aws.moto_host")
    parser.add_argument("--state", type=Path, required=True)
    parser.add_argument("--endpoint", required=True)
    parser.add_argument("--account-id", required=True)
    parser.add_argument("--image", action="store_true")
    options = parser.parse_args()
    # Ctrl-C reaches every process of a terminal; the server decides when this one goes.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    logging.basicConfig(level=logging.WARNING, stream=sys.stderr, format="moto: %(levelname)s %(message)s")
    # The interpreter logs each failing task with its whole syntax tree; the history has the failure.
    logging.getLogger("moto.stepfunctions").setLevel(logging.CRITICAL)
    child = Child(options.state, options.endpoint, options.account_id)
    server = socket.socket(fileno=os.dup(0))
    if options.image:
        child.preload()
        be_image(child, server, options.state)
    else:
        journal = Journal(options.state / "moto" / "journal.sqlite")
        child.replay(journal.entries())
        child.serve(server, journal)
    sys.stderr.flush()
    # Requests that still wait (long polls, executions) run in threads that would hold up a normal exit.
    os._exit(0)


if __name__ == "__main__":
    main()
