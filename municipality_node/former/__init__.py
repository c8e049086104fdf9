"""What codes, numbers and 旧氏 of this register were before."""
