"""What is kept of foreign residents, and why a record was deleted ex officio."""
