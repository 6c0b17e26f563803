"""Colours of a terminal: a system colour is below 0, any other is 0xRRGGBB.

https://trino.io/docs/current/functions/color.html
"""

from __future__ import annotations

import colorsys
import re

from local_athena.values.binary import bad_argument
from local_athena.values.limits import fits

SYSTEM = ("black", "red", "green", "yellow", "blue", "magenta", "cyan", "white")
RESET = "\x1b[0m"
_HEX = re.compile(r"#([0-9a-fA-F]{3})")


def color(text: str) -> int:
    """color(name), where the name is a system colour or `#rgb`."""
    found = _HEX.fullmatch(text)
    if found:
        return int("".join(digit * 2 for digit in found[1]), 16)
    if text.lower() not in SYSTEM:
        raise bad_argument(f"Invalid color: '{text}'")
    return -SYSTEM.index(text.lower()) - 1


def rgb(red: int, green: int, blue: int) -> int:
    """rgb(red, green, blue), each from 0 to 255."""
    for name, value in (("red", red), ("green", green), ("blue", blue)):
        if not 0 <= value <= 255:
            raise bad_argument(f"{name} must be between 0 and 255")
    return red << 16 | green << 8 | blue


def between(fraction: float, low: int, high: int) -> int:
    """The colour some way from one to another, by hue, saturation and brightness."""
    for name, value in (("lowColor", low), ("highColor", high)):
        if value < 0:
            raise bad_argument(f"{name} not a valid RGB color")
    share = max(0.0, min(1.0, fraction))
    first, second = (colorsys.rgb_to_hsv(*(part / 255 for part in _parts(c))) for c in (low, high))
    mixed = (a + share * (b - a) for a, b in zip(first, second, strict=True))
    red, green, blue = (int(part * 255 + 0.5) for part in colorsys.hsv_to_rgb(*mixed))
    return red << 16 | green << 8 | blue


def scaled(value: float, low: float, high: float, low_color: int, high_color: int) -> int:
    """color(value, low, high, low colour, high colour)."""
    return between((value - low) / (high - low), low_color, high_color)


def text(value: int) -> str:
    """A colour as an answer shows it."""
    return SYSTEM[-value - 1] if value < 0 else f"#{value:06x}"


def render(text: str, value: int) -> str:
    """render(text, colour)."""
    return f"{_escape(value)}{text}{RESET}"


def mark(value: bool) -> str:
    """render(boolean)."""
    return render("\u2713", color("green")) if value else render("\u2717", color("red"))


def bar(share: float, width: int, low: int = 0xFF0000, high: int = 0x00FF00) -> str:
    """bar(share, width, low colour, high colour)."""
    count = max(0, min(fits(width * 25) // 25, int(share * width)))
    blocks = (
        f"{_escape(between(i / (width - 1) if width > 1 else 0, low, high))}\u2588" for i in range(count)
    )
    return "".join(blocks) + RESET + " " * (width - count)


def _parts(value: int) -> tuple[int, int, int]:
    return value >> 16 & 255, value >> 8 & 255, value & 255


def _escape(value: int) -> str:
    if value < 0:
        return f"\x1b[38;5;{-value - 1}m"
    red, green, blue = (part * 6 // 256 for part in _parts(value))
    return f"\x1b[38;5;{16 + 36 * red + 6 * green + blue}m"
