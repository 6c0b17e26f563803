"""What a line of an exported CSV means: pure functions from DataFrame to DataFrame, and the rules behind
them."""
