"""``lagesbild inspect``: what a folder would tell whoever it is handed to, file by file."""
