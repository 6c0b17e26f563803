"""`python -m local_athena.workers.spawned FD`: a worker with an interpreter of its own.

Where a fork of a process that has loaded system frameworks is not safe (macOS), workers begin this way.
"""

from __future__ import annotations

import socket
import sys

from local_athena.workers.process import main

if __name__ == "__main__":
    main(socket.socket(fileno=int(sys.argv[1])), None)
