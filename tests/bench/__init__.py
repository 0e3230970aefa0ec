"""Benchmarks: never part of the test run; they print ratios and medians measured side by side."""
