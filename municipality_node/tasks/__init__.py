"""What waits for J-LIS: numbers and codes asked for, and the worker that asks."""
