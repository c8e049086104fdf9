"""What a municipality holds of one person, and whom it has to choose from."""
