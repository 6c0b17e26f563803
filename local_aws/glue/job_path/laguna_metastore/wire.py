"""The types of Hive's metastore protocol, as `hive_metastore.thrift` says them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import thriftpy2

hive: Any = thriftpy2.load(
    str(Path(__file__).with_name("hive_metastore.thrift")), module_name="laguna_metastore_thrift"
)
