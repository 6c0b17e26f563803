"""Query workers: processes beside the server, each of which runs one statement at a time and can be killed."""
