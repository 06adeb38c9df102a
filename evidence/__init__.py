"""A mention becomes evidence: bytes, text, hashes, circumstances; later checked, exported, erased."""
