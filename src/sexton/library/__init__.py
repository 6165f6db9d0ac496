"""Sexton inside a team's own FastAPI application: declared resources, a router, and deletes in its own transactions."""
