"""Mentoring and coaching that work themselves out of a job."""
