"""The vocabulary of mentionwatch: frozen types and pure functions, standard library only."""

__version__ = "0.1.0"
