"""The lake's tables by their names."""

from __future__ import annotations

from pipeline.transforms.clientes import CLIENTES
from pipeline.transforms.proveedores import PROVEEDORES
from pipeline.transforms.table import Table
from pipeline.transforms.transacciones import TRANSACCIONES

TABLES: dict[str, Table] = {table.name: table for table in (PROVEEDORES, CLIENTES, TRANSACCIONES)}
