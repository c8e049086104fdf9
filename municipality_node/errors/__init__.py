"""誤りの通報: what the governor has told of, and how it was mended."""
