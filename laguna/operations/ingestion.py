"""Upload CSV files byte for byte to the raw zone; everything is checked before anything is sent.

A file that is there already with the same contents is left alone, so ingesting a folder again does not make
its load dates look new.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from botocore.exceptions import ClientError

from laguna.errors import IngestRefused
from laguna.lake.description import Ingest
from laguna.lake.ingestion import key_of, load_date_in, table_of
from laguna.progress import Progress

WORKERS = 8


@dataclass(frozen=True, slots=True)
class Upload:
    """A file and where it goes."""

    path: Path
    table: str
    load_date: date
    key: str


@dataclass(frozen=True, slots=True)
class Uploaded:
    """What became of an `Upload`; `sent` is False when the object was there already."""

    upload: Upload
    size: int
    sent: bool


def plan_uploads(
    paths: Iterable[Path], tables: Mapping[str, Ingest], load_date: date | None, today: date
) -> list[Upload]:
    """Find the CSV files and say where each goes, in order of key.

    Raises:
        IngestRefused: a path does not exist or holds no CSV, a file belongs to no table, or two files go to
            the same key.
    """
    plan: dict[str, Upload] = {}
    for path in (file for given in paths for file in _csv_files(given)):
        table = table_of(path.name, tables)
        if table is None:
            raise IngestRefused(
                f"{path} belongs to no table; a file's name must be like one of: "
                f"{', '.join(rule.files for rule in tables.values())}."
            )
        loaded = load_date or load_date_in(path) or today
        upload = Upload(path, table, loaded, key_of(tables[table], loaded, path.name))
        other = plan.setdefault(upload.key, upload)
        if other.path.resolve() != path.resolve():
            raise IngestRefused(
                f"{other.path} and {path} would both become {upload.key}; rename one of them."
            )
    return [plan[key] for key in sorted(plan)]


def upload_all(s3: Any, bucket: str, uploads: list[Upload], progress: Progress) -> list[Uploaded]:
    """Send the files, several at a time; in the order given."""

    def send(upload: Upload) -> Uploaded:
        done = _upload(s3, bucket, upload)
        progress.now(f"{upload.path.name} is in s3://{bucket}/{upload.key}")
        return done

    with ThreadPoolExecutor(WORKERS) as pool:
        return list(pool.map(send, uploads))


def _csv_files(given: Path) -> list[Path]:
    if given.is_file():
        if given.suffix.lower() != ".csv":
            raise IngestRefused(f"{given} is not a .csv file; give CSV files or folders of them.")
        return [given]
    if not given.exists():
        raise IngestRefused(f"{given} does not exist; give a CSV file or a folder of them.")
    found = sorted(path for path in given.rglob("*") if path.suffix.lower() == ".csv" and path.is_file())
    if not found:
        raise IngestRefused(f"{given} holds no .csv file; give CSV files or folders of them.")
    return found


def _upload(s3: Any, bucket: str, upload: Upload) -> Uploaded:
    size = upload.path.stat().st_size
    if _is_there(s3, bucket, upload, size):
        return Uploaded(upload, size, sent=False)
    s3.upload_file(str(upload.path), bucket, upload.key, ExtraArgs={"ContentType": "text/csv"})
    return Uploaded(upload, size, sent=True)


def _is_there(s3: Any, bucket: str, upload: Upload, size: int) -> bool:
    try:
        head = s3.head_object(Bucket=bucket, Key=upload.key)
    except ClientError as error:
        if error.response["ResponseMetadata"]["HTTPStatusCode"] == 404:
            return False
        raise
    if head["ContentLength"] != size:
        return False
    # The ETag of an object sent in one part is its MD5. One sent in parts is simply sent again.
    with upload.path.open("rb") as file:
        md5 = hashlib.file_digest(file, lambda: hashlib.md5(usedforsecurity=False)).hexdigest()
    return bool(head["ETag"] == f'"{md5}"')
