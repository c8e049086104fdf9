"""The link engine: one way to seal, carry and receive batches, upward, sideways and downward."""
