"""What a municipality does with what it had said and lost."""
