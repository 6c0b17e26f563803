"""How the server's process ends when it cannot serve; the sentence about it is on stderr.

The starter reads the sentence from the server's log, which a full disk may not have taken.
"""

STATE = 3
"""Files of the state folder are damaged, empty, missing or of a later Laguna; a line for each."""

NO_SPACE = 4
"""The disk of the state folder is full."""
