"""A small invented town on loopback: real HTTP stand-ins for the demo, the contract tests and the bench."""
