"""Step Functions' executions: moto runs them; this package starts and keeps them."""
