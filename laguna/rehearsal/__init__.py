"""A dry run: the command's own code runs, its reads are done, its writes are held back and listed."""

from laguna.rehearsal.rehearsal import Call, Rehearsal

__all__ = ["Call", "Rehearsal"]
