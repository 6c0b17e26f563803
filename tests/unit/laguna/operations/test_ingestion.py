from __future__ import annotations

import hashlib
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError

from laguna.errors import IngestRefused
from laguna.lake.description import Ingest
from laguna.operations.ingestion import plan_uploads, upload_all

TODAY = date(2025, 8, 1)
TABLES = {
    table: Ingest(files=f"{table}*", to=f"raw/{table}/year=%Y/month=%m/day=%d")
    for table in ("clientes", "proveedores", "transacciones")
}


class S3:
    """Objects in a dict, as far as ingesting asks."""

    def __init__(self) -> None:
        self.objects: dict[str, bytes] = {}

    def head_object(self, Bucket: str, Key: str) -> dict[str, Any]:  # noqa: N803
        if Key not in self.objects:
            raise ClientError({"Error": {}, "ResponseMetadata": {"HTTPStatusCode": 404}}, "HeadObject")
        data = self.objects[Key]
        return {
            "ContentLength": len(data),
            "ETag": f'"{hashlib.md5(data, usedforsecurity=False).hexdigest()}"',
        }

    def upload_file(self, path: str, bucket: str, key: str, ExtraArgs: dict[str, str]) -> None:  # noqa: N803
        self.objects[key] = Path(path).read_bytes()


class Quiet:
    def tell(self, line: str) -> None: ...

    def now(self, text: str) -> None: ...


def write(folder: Path, *names: str) -> None:
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(b"\xef\xbb\xbfid;nombre\r\n" + name.encode())


def test_table_and_load_date_come_from_name_and_path(tmp_path: Path) -> None:
    write(tmp_path, "2025-07-25/clientes_sur.CSV", "2025-07-26/proveedores.csv", "notes.txt")
    keys = [upload.key for upload in plan_uploads([tmp_path], TABLES, None, TODAY)]
    assert keys == [
        "raw/clientes/year=2025/month=07/day=25/clientes_sur.CSV",
        "raw/proveedores/year=2025/month=07/day=26/proveedores.csv",
    ]


def test_the_date_asked_for_wins_and_today_is_the_last_resort(tmp_path: Path) -> None:
    write(tmp_path, "2025-07-25/clientes.csv", "transacciones.csv")
    asked = plan_uploads([tmp_path / "2025-07-25"], TABLES, date(2024, 2, 29), TODAY)
    assert [upload.load_date for upload in asked] == [date(2024, 2, 29)]
    undated = plan_uploads([tmp_path / "transacciones.csv"], TABLES, None, TODAY)
    assert [upload.load_date for upload in undated] == [TODAY]


def test_a_file_named_twice_is_sent_once(tmp_path: Path) -> None:
    write(tmp_path, "clientes.csv")
    assert len(plan_uploads([tmp_path, tmp_path / "clientes.csv"], TABLES, None, TODAY)) == 1


@pytest.mark.parametrize(
    ("names", "given", "said"),
    [
        (("ventas.csv", "clientes.csv"), ".", "ventas.csv belongs to no table"),
        ((), "nowhere", "nowhere does not exist"),
        (("readme.txt",), ".", "holds no .csv file"),
        (("readme.txt",), "readme.txt", "is not a .csv file"),
        (("a/clientes.csv", "b/clientes.csv"), ".", "would both become raw/clientes/"),
    ],
)
def test_what_cannot_be_taken_is_refused_as_a_whole(
    tmp_path: Path, names: tuple[str, ...], given: str, said: str
) -> None:
    write(tmp_path, *names)
    with pytest.raises(IngestRefused, match=said):
        plan_uploads([tmp_path / given], TABLES, None, TODAY)


def test_files_arrive_byte_for_byte_and_are_sent_only_when_they_changed(tmp_path: Path) -> None:
    write(tmp_path, "clientes.csv", "proveedores.csv")
    s3 = S3()
    plan = plan_uploads([tmp_path], TABLES, date(2025, 7, 25), TODAY)
    assert [done.sent for done in upload_all(s3, "lake", plan, Quiet())] == [True, True]
    assert s3.objects[plan[0].key] == (tmp_path / "clientes.csv").read_bytes()
    # The same length, other contents.
    (tmp_path / "clientes.csv").write_bytes((tmp_path / "clientes.csv").read_bytes().swapcase())
    assert [done.sent for done in upload_all(s3, "lake", plan, Quiet())] == [True, False]
    assert s3.objects[plan[0].key] == (tmp_path / "clientes.csv").read_bytes()
