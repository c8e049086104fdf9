"""保存期間 at the municipality: what it said, what it was told, and its 除票."""
