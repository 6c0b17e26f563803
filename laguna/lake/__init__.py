"""What a lake is to the command: its description in `laguna.toml`."""
