"""Benchmarks and long trials, run by hand."""
