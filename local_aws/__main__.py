"""`python -m local_aws --port P --state DIR`: the server in the foreground."""

from __future__ import annotations

import argparse
import logging
import os
import signal
import sqlite3
import sys
import threading
from contextlib import suppress
from pathlib import Path

from local_athena.workers.launching import start_early
from local_aws import exits
from local_aws.settings import Settings
from local_aws.storage.start import NoRoom, option_for
from local_aws.storage.trouble import StateUnusable, is_damage, is_no_space


def main() -> int:
    """Run until stopped; a sentence on stderr and an exit code of `exits` when that cannot be."""
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
    from local_aws.server import PortTaken, Server, StateInUse

    try:
        settings = Settings.from_environment(port=arguments.port, state=arguments.state)
        Server(settings).run()
    except StateUnusable as error:
        return _refuse(str(error), exits.STATE)
    except NoRoom as error:
        return _refuse(str(error), exits.NO_SPACE)
    except (StateInUse, PortTaken, ValueError, LocalStackError) as error:
        return _refuse(str(error), 1)
    except (OSError, sqlite3.Error) as error:
        return _state_failed(error, settings.state)
    return 0


def _state_failed(error: Exception, state: Path) -> int:
    if is_no_space(error):
        return _refuse(f"no space left for the state in {state}; make room there", exits.NO_SPACE)
    if is_damage(error):
        return _refuse(
            f"the state in {state} is damaged: run 'laguna doctor{option_for(state)}'", exits.STATE
        )
    said = getattr(error, "strerror", None) or str(error)
    return _refuse(f"the state folder {state} cannot be used: {said}", 1)


def _refuse(sentence: str, code: int) -> int:
    # A full disk, where the log lies, may not take it; the exit code says it, too.
    with suppress(OSError):
        print(sentence, file=sys.stderr, flush=True)  # noqa: T201
    return code


def _end_with_the_starter() -> None:
    os.read(0, 1)
    os.kill(os.getpid(), signal.SIGTERM)


if __name__ == "__main__":
    sys.exit(main())
