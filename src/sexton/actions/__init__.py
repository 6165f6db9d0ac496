"""The verbs. Each takes the caller's connection and never commits: whoever opened the transaction does."""
