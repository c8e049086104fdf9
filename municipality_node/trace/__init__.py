"""Upon what the code of a record was entered."""
