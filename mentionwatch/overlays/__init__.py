"""The duties that stand above every policy: one TOML file a nation. Data, no code."""
