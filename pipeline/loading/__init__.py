"""Load raw files into the processed and rejected zones: what the Glue jobs do."""
