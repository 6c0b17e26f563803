"""CloudFormation's API operations: requests checked and begun here, answers built from what is stored."""
