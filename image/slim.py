"""Take out of the image's packages what cannot run there, and say how much that was.

- Native libraries of other processors and systems inside Spark's jars: RocksDB alone carries thirteen, 53 MB.
- Spark's managers for Kubernetes, Mesos and YARN: jobs here run in the server's own JVM or on a standalone
  cluster (`spark.master`), and the Python package of Spark has no scripts for those three anyway.
- Headers, tests, and Arrow's Flight server, which nothing loads unless a program imports `pyarrow.flight`.

What is left behaves the same: the tests run Spark, Parquet and every compression codec in the image.

    python slim.py SITE_PACKAGES
"""

from __future__ import annotations

import platform
import re
import shutil
import sys
import zipfile
from pathlib import Path

NATIVE = re.compile(r"\.(so|dll|dylib|jnilib|sl|a)$")
"""Files in a jar that only one platform can load."""

OURS = {
    "x86_64": re.compile(r"linux-?/?(64|amd64|x86_64)(/|\.so$)", re.IGNORECASE),
    "aarch64": re.compile(r"linux-?/?(aarch64|arm64)(/|\.so$)", re.IGNORECASE),
}
"""How the jars name the platform of this image (glibc): `linux64.so`, `Linux/x86_64/`, `linux/amd64/`."""

UNUSED = (
    "pyspark/jars/*kubernetes*.jar",
    "pyspark/jars/*mesos*.jar",
    "pyspark/jars/*yarn*.jar",
    "pyarrow/include",
    "pyarrow/src",
    "pyarrow/tests",
    "pyarrow/*flight*.so*",
    "numpy/**/tests",
)


def slim(packages: Path) -> None:
    """Slim the packages under `packages`, which need not all be there."""
    platform_pattern = OURS[platform.machine()]
    before = _size(packages)
    for pattern in UNUSED:
        for path in list(packages.glob(pattern)):
            shutil.rmtree(path) if path.is_dir() else path.unlink()
    for jar in packages.glob("pyspark/jars/*.jar"):
        _keep_natives(jar, platform_pattern)
    print(f"slimmed {packages} from {before:,} to {_size(packages):,} MB")  # noqa: T201


def _keep_natives(jar: Path, ours: re.Pattern[str]) -> None:
    with zipfile.ZipFile(jar) as source:
        entries = source.infolist()
        natives = [entry for entry in entries if NATIVE.search(entry.filename)]
        usable = [entry for entry in natives if ours.search(entry.filename)]
        # A jar that has nothing for this platform may name it in another way, so it stays whole.
        if not usable or len(usable) == len(natives):
            return
        kept = [entry for entry in entries if entry in usable or entry not in natives]
        slimmed = jar.with_suffix(".slim")
        with zipfile.ZipFile(slimmed, "w", zipfile.ZIP_DEFLATED) as target:
            for entry in kept:
                target.writestr(entry, source.read(entry))
    slimmed.replace(jar)


def _size(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file()) // 2**20


if __name__ == "__main__":
    slim(Path(sys.argv[1]))
