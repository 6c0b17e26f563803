"""Row pattern recognition: matching a regular expression of conditions to the rows of a partition.

DuckDB has none, so the matcher is Python; every value and condition is still computed by DuckDB.
https://trino.io/docs/current/sql/match-recognize.html
"""
