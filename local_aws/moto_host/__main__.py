"""moto's process. Started by `local_aws.moto_host.host`; its standard input is a socket to the server.

It replays the journal, then answers requests until the socket ends. The socket ends when the server does,
however it ends, so this process never outlives it.
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


def main() -> None:
    """Serve the socket on standard input."""
    parser = argparse.ArgumentParser(prog="python -m local_aws.moto_host")
    parser.add_argument("--state", type=Path, required=True)
    parser.add_argument("--endpoint", required=True)
    parser.add_argument("--account-id", required=True)
    options = parser.parse_args()
    # Ctrl-C reaches every process of a terminal; the server decides when this one goes.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    logging.basicConfig(level=logging.WARNING, stream=sys.stderr, format="moto: %(levelname)s %(message)s")
    # The interpreter logs each failing task with its whole syntax tree; the history has the failure.
    logging.getLogger("moto.stepfunctions").setLevel(logging.CRITICAL)
    Child(options.state, options.endpoint, options.account_id).serve(socket.socket(fileno=os.dup(0)))
    sys.stderr.flush()
    # Requests that still wait (long polls, executions) run in threads that would hold up a normal exit.
    os._exit(0)


if __name__ == "__main__":
    main()
