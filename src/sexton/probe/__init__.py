"""Grades any HTTP API for delete safety, on items made for it; knows nothing of Sexton's server."""
