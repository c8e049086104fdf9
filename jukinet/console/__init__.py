"""What the console shows: its texts and, in time, its pages; a client of nodes."""
