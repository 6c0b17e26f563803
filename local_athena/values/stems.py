"""word_stem: Snowball's stemmers, for the languages that Trino knows.

https://trino.io/docs/current/functions/string.html#word_stem
"""

from __future__ import annotations

from threading import local
from typing import Any

from local_athena.values.binary import bad_argument

LANGUAGES = {
    "ca": "catalan",
    "da": "danish",
    "de": "german",
    "en": "english",
    "es": "spanish",
    "eu": "basque",
    "fi": "finnish",
    "fr": "french",
    "hu": "hungarian",
    "hy": "armenian",
    "ir": "irish",
    "it": "italian",
    "lt": "lithuanian",
    "nl": "dutch",
    "no": "norwegian",
    "pt": "portuguese",
    "ro": "romanian",
    "ru": "russian",
    "sv": "swedish",
    "tr": "turkish",
}

_made = local()
"""The stemmers of a thread: one keeps the word it is at work on."""


def word_stem(word: str, language: str = "en") -> str:
    """The stem of a word in small letters.

    Raises:
        QueryFailed: INVALID_FUNCTION_ARGUMENT, the language is none of `LANGUAGES`.
    """
    return str(_stemmer(language).stemWord(word))


def _stemmer(language: str) -> Any:
    if language not in LANGUAGES:
        raise bad_argument(f"Unknown stemmer language: {language}")
    known: dict[str, Any] = _made.__dict__
    if language not in known:
        # Its thirty modules would make every start slower, and hardly anybody calls it.
        import snowballstemmer

        known[language] = snowballstemmer.stemmer(LANGUAGES[language])
    return known[language]
