"""Sexton: deletes through an API that are retry-safe, previewed, undoable, bounded and provable."""

__version__ = "0.1.0"
