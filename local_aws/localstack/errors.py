"""What can keep LocalStack from running, each as a sentence that says the way out."""

from __future__ import annotations

import re


class LocalStackError(Exception):
    """LocalStack could not be started; the text says why and the way out."""


REASONS = (
    (
        r"licen[cs]e|no credentials were found|LOCALSTACK_AUTH_TOKEN|auth token",
        "it asks for a licence: set LOCALSTACK_AUTH_TOKEN, or use the last image that needs none "
        "(unset LAGUNA_LOCALSTACK_IMAGE)",
    ),
    (
        r"address already in use|port is already allocated",
        "the port is in use by another program: stop that, or start LocalStack on another port",
    ),
    (r"no space left", "the disk is full: make room and try again"),
)
"""A pattern in LocalStack's log, and what it means to a person."""


def reason(log: str) -> str:
    """Why LocalStack ended, by its log."""
    for pattern, meaning in REASONS:
        if re.search(pattern, log, re.IGNORECASE):
            return meaning
    lines = [line for line in log.splitlines() if line.strip()]
    return f"its last words are: {lines[-1].strip()}" if lines else "it said nothing"
