"""Snapshots: the whole state of a running server, saved under a name and put back in milliseconds."""
