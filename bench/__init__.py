"""Benchmarks, run by hand. Never a timed test: see bench/README.md."""
