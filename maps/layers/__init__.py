"""One table, one layer: what is drawn, what a popup says, and the same in a table."""
