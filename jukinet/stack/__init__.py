"""From a topology to running nodes."""
