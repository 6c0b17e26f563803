"""Servers that a benchmark measures beside ours."""
