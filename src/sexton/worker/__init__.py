"""What runs by itself: jobs, and what is due on a schedule."""
