"""Query workers: processes beside the server; each runs one statement at a time and can be killed."""
