"""支援措置 as kept."""
