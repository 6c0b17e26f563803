"""Random typed statements, asked of a real Trino and of Athena's engine here; what differs is printed.

See `__main__.py` for the command.
"""
