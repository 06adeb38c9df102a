"""The outside world, as entries. One module a source; all fetching goes through the guarded door."""
