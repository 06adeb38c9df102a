"""The law cards that ship with mentionwatch, in English and Welsh: one TOML file a group. Data, no code."""
