"""The statements of Iceberg tables: what defines them, writes and changes their rows, tidies their files.

The files are imported only when a statement names an Iceberg table, as pyiceberg takes a second to load.
"""
