"""The `laguna` command."""
