"""What Sexton says of itself: logs, traces, metrics. Told in one place each; nothing of the host's is configured."""
