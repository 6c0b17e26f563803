"""The energy lake itself: transforms, Glue jobs, SQL, and the `laguna` command that deploys and runs them."""
