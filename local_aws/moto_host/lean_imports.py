"""Keep moto's EC2 out of a process that does not ask for it.

moto's interpreter of state machines imports its Batch task, for one enum; the package of that enum brings
moto's Batch and EC2 backends: 3 seconds at each start and 60 MB. Here `moto.batch` is entered as a
package that imports its backend when something of it is asked for, so that the enum alone is imported,
and Batch still works.
"""

from __future__ import annotations

import importlib
import importlib.util
import sys
from typing import Any

PACKAGE = "moto.batch"


def install() -> None:
    """Make `moto.batch` import its backend late. To be called before anything of it is imported."""
    spec = importlib.util.find_spec(PACKAGE)
    assert spec is not None
    package = importlib.util.module_from_spec(spec)
    # PEP 562: asked for what the package has not got, which is all that its __init__ would have imported.
    vars(package)["__getattr__"] = _from_backend
    sys.modules[PACKAGE] = package


def _from_backend(name: str) -> Any:
    if name.startswith("__"):
        raise AttributeError(name)
    return getattr(importlib.import_module(f"{PACKAGE}.models"), name)
