"""A template, from its text to values: no AWS calls, no state."""
