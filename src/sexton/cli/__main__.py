"""`python -m sexton.cli`."""

from sexton.cli import main

main()
