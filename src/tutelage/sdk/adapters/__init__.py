"""Adapters for agent frameworks, each a screen long over the same flow; none imports the others."""
