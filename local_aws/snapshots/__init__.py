"""Snapshots: the whole state of a running server, saved under a name and put back in milliseconds."""

from local_aws.snapshots.api import SnapshotsApi
from local_aws.snapshots.shelf import finish_load
from local_aws.snapshots.snapshots import Snapshots

__all__ = ["Snapshots", "SnapshotsApi", "finish_load"]
