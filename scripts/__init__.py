"""How it is all run: command line, project file, order of steps."""
