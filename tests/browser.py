"""A real browser for tests: Debian's chromium, without a window, and the pages of another site that it opens.

`evil.example.com` is made to mean this machine, so that nothing leaves it; the browser still takes the page
for another site. Its own guard of loopback addresses is switched off: the server must not need it.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

EVIL = "evil.example.com"
FLAGS = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync", "--disable-extensions",
    "--disable-features=LocalNetworkAccessChecks,BlockInsecurePrivateNetworkRequests,HttpsUpgrades",
    f"--host-resolver-rules=MAP {EVIL} 127.0.0.1, EXCLUDE 127.0.0.1, EXCLUDE localhost, MAP * ~NOTFOUND",
)  # fmt: skip
PATIENCE_SECONDS = 90


def require_chromium() -> str:
    """The browser's path; skips the test where there is none, and fails it where one must be."""
    found = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if found is not None:
        return found
    if os.environ.get("LAGUNA_REQUIRE_BROWSER") == "1":
        pytest.fail("LAGUNA_REQUIRE_BROWSER is 1, and there is no chromium")
    pytest.skip("there is no chromium; Debian has it: apt-get install chromium")


class Pages:
    """A web server of pages; a page reports to it with a POST to `/report`, on its own site."""

    def __init__(self) -> None:
        self.pages: dict[str, str] = {}
        self._reports: list[Any] = []
        self._reported = threading.Condition()
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                self._answer(outer.pages.get(self.path, ""))

            def do_POST(self) -> None:
                outer._take(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
                self._answer("")

            def _answer(self, page: str) -> None:
                body = page.encode()
                self.send_response(200)
                self.send_header("Content-Type", "text/html; charset=utf-8")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, format: str, *arguments: Any) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.port = self._server.server_port
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def _take(self, report: Any) -> None:
        with self._reported:
            self._reports.append(report)
            self._reported.notify_all()

    def report(self) -> Any:
        """Wait for the next report of a page."""
        with self._reported:
            if not self._reported.wait_for(lambda: self._reports, PATIENCE_SECONDS):
                pytest.fail(f"no page reported within {PATIENCE_SECONDS} seconds")
            return self._reports.pop(0)

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()


@contextmanager
def opened(chromium: str, url: str, profile: Path) -> Iterator[None]:
    """A browser with a page, until the block ends."""
    command = [chromium, *FLAGS, f"--user-data-dir={profile}", "--remote-debugging-port=0", url]
    log = (profile.parent / f"{profile.name}.log").open("wb")
    browser = subprocess.Popen(command, stdout=log, stderr=log, start_new_session=True)
    try:
        yield
    finally:
        os.killpg(browser.pid, signal.SIGKILL)
        browser.wait()
        log.close()


def shown(chromium: str, url: str, profile: Path) -> str:
    """What a person would see who types an address: the page's document."""
    command = [chromium, *FLAGS, f"--user-data-dir={profile}", "--dump-dom", url]
    done = subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE_SECONDS, check=False)
    return done.stdout
