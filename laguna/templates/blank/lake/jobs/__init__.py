"""Glue's scripts: they read arguments and wire."""
