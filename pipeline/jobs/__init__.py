"""The Glue jobs' scripts: they read arguments and wire; the work is in `pipeline.loading`."""
