"""The lake's own code; all of it is uploaded, so it imports only what Glue gives a job."""
