"""A worked example for people: a product manager and her coach, over three months. Invented."""
