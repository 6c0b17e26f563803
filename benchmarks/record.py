"""Print a benchmark's figures with what they were measured on, and keep them.

They go to `benchmarks/results/<name>.json`.
"""

from __future__ import annotations

import json
import os
import platform
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

RESULTS = Path(__file__).parent / "results"


def record(name: str, figures: dict[str, Any], packages: tuple[str, ...] = ()) -> None:
    """Keep and print `figures`.

    Args:
        name: the benchmark's, and the file's.
        figures: what was measured; each key names its unit, as in `p50_ms`.
        packages: distributions whose versions matter.
    """
    document = {
        "benchmark": name,
        "measured": datetime.now(UTC).isoformat(timespec="seconds"),
        "machine": f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores",
        "python": platform.python_version(),
        "versions": {package: version(package) for package in ("laguna", *packages)},
        "figures": figures,
    }
    text = json.dumps(document, indent=2, ensure_ascii=False)
    RESULTS.mkdir(exist_ok=True)
    (RESULTS / f"{name}.json").write_text(text + "\n", encoding="utf-8")
    print(text)
