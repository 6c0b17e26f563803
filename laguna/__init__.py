"""The `laguna` command and pytest plugin: what a data engineer does with a lake, locally and on AWS."""
