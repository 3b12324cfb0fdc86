"""What a measure did: before and after, beside control places, and where else it moved."""
