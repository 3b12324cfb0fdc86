"""Choosing camera sites: the most in view within hard limits, and coverage against privacy."""
