"""What a DynamicFrame is made of: typed columns or Python records, and the errors that travel along.

See docs/decisions/dynamic-frames.md. Scripts import nothing of this folder.
"""
