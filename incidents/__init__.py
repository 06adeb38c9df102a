"""The school protocol: who may do what, in which state, and why not. Pure: no database, no network."""
