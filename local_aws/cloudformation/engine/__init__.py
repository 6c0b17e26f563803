"""Stacks: what is stored of them, what changes mean, and the operations that carry them out."""
