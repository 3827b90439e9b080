"""Measures the assistant on a fixed set of questions."""
