"""Perceived safety beside what is reported: never mixed, only laid side by side."""
