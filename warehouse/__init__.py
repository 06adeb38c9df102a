"""DuckDB behind explicit SQL: the only package that imports duckdb. See docs/data-dictionary.md."""
