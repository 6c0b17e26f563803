"""From SQL text to a statement: what kind it is, and its tree."""
