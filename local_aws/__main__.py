"""`python -m local_aws --port P --state DIR`: the server in the foreground."""

from __future__ import annotations

import argparse
import logging
import os
import signal
import sys
import threading

from local_athena.workers.launching import start_early
from local_aws.settings import Settings


def main() -> int:
    """Run until stopped; 1 with a sentence on stderr when the port or the state is taken."""
    parser = argparse.ArgumentParser(prog="python -m local_aws", description=__doc__)
    parser.add_argument("--port", type=int)
    parser.add_argument("--state")
    parser.add_argument("--until-eof", action="store_true", help="end when standard input does")
    arguments = parser.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    logging.getLogger("botocore").setLevel(logging.WARNING)
    if arguments.until_eof:
        threading.Thread(target=_end_with_the_starter, name="starter", daemon=True).start()
    # Queries' processes load beside the server, so that the first query finds them ready.
    start_early()
    from local_aws.localstack import LocalStackError
    from local_aws.server import Server, StateInUse

    try:
        settings = Settings.from_environment(port=arguments.port, state=arguments.state)
        Server(settings).run()
    except (StateInUse, ValueError, LocalStackError) as error:
        print(error, file=sys.stderr)  # noqa: T201
        return 1
    except OSError as error:
        print(f"port {settings.port} on {settings.host} cannot be used: {error.strerror}", file=sys.stderr)  # noqa: T201
        return 1
    return 0


def _end_with_the_starter() -> None:
    os.read(0, 1)
    os.kill(os.getpid(), signal.SIGTERM)


if __name__ == "__main__":
    sys.exit(main())
