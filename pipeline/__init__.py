"""The energy lake: transforms, loads, Glue jobs and SQL. Uploaded whole; it imports only what Glue has."""
