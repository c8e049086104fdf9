"""操作者ID and their permissions."""
