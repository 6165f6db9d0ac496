"""What is kept: one module per table of Sexton's own, and `rows` for the host's. No rule about deletion lives here."""
