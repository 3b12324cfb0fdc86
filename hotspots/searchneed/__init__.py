"""The need of entrances for dog searches, and what is learned from the searches' results."""
