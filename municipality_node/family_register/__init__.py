"""戸籍の附票 at the 本籍地, and the notices that come and go about it."""
