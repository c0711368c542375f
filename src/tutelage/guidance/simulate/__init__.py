"""Simulated relationships, to see how estimates, policy and tests behave where truth is known."""
