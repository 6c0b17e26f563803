"""A local AWS and a Spark for the tests; the lake is the one that `laguna.toml` describes."""

pytest_plugins = ["laguna.testing.plugin"]
