"""S3 on a folder: an object is a file that a person can open."""
