"""What a valid table is, and how it gets in and out."""
