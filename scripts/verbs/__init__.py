"""The verbs of the command, a module a kind of work; nothing heavy is imported before one runs.

Each module has ``commands() -> list[click.Command]``, and `scripts.cli` knows the modules.
"""
