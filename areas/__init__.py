"""Which area a place belongs to, and how the area is doing."""
