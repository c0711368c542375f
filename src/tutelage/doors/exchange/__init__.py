"""Traces in, and what was learned out again: one noun a module."""
