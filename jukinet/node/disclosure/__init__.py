"""The person's view of what is recorded, and of what went out about it."""
