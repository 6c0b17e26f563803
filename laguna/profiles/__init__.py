"""Where a command works: the profiles, and what `laguna.toml` says of them."""
