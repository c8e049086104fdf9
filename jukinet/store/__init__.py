"""SQLite behind every node: one writer with group commit, the journal, its projection, the audit table."""
