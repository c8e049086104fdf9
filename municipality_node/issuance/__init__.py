"""What the issuance desk keeps."""
