"""AWS's wire protocols, read from botocore's service models: JSON, query, REST-JSON and REST-XML."""
