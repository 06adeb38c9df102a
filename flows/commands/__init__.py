"""What each command of the contract does; one module a group, imported only when asked for."""
