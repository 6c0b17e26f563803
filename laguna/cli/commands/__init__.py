"""One module per command: its options, what it does, and the answer it shows."""
