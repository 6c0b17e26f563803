"""Where one local AWS listens and keeps its state.

Several can run side by side: everything that would collide (port, state folder) is here, and every other
module is given a `Settings` instead of reading the environment.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

DEFAULT_PORT = 4566
ACCOUNT_ID = "000000000000"
DEFAULT_REGION = "us-east-1"


@dataclass(frozen=True, slots=True)
class Settings:
    """One server: its address, its state folder, and the account it plays.

    `state` is absolute; `port` is a TCP port on `host`, which is always a loopback name by default.
    """

    state: Path
    port: int = DEFAULT_PORT
    host: str = "127.0.0.1"
    account_id: str = ACCOUNT_ID
    region: str = DEFAULT_REGION
    warm_spark: bool = True
    """Start Spark's JVM with the server, so that the first job does not wait for it."""

    @property
    def endpoint(self) -> str:
        """The URL that clients are given, for example `http://127.0.0.1:4566`."""
        return f"http://{self.host}:{self.port}"

    @classmethod
    def from_environment(cls, *, port: int | None = None, state: str | Path | None = None) -> Settings:
        """Read `LAGUNA_PORT`, `LAGUNA_STATE` and the SDK's region; arguments win.

        Raises:
            ValueError: the port is not a number from 1 to 65535.
        """
        chosen = port if port is not None else _port_from(os.environ.get("LAGUNA_PORT"))
        folder = Path(state or os.environ.get("LAGUNA_STATE") or ".laguna").absolute()
        region = os.environ.get("AWS_REGION") or os.environ.get("AWS_DEFAULT_REGION") or DEFAULT_REGION
        warm = os.environ.get("LAGUNA_WARM_SPARK", "1") != "0"
        return cls(state=folder, port=chosen, region=region, warm_spark=warm)


def _port_from(text: str | None) -> int:
    if not text:
        return DEFAULT_PORT
    if not text.isdigit() or not 0 < int(text) < 65536:
        raise ValueError(f"LAGUNA_PORT is '{text}', not a port number from 1 to 65535")
    return int(text)
