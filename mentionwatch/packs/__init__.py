"""The policy packs that ship with mentionwatch: one TOML file a policy. Data, no code."""
