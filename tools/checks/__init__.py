"""Checks of the source itself: each gives a list of complaints, one line each."""
