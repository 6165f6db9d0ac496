"""HTTP: translates requests into actions and their results into answers. No rule about deletion lives here."""
