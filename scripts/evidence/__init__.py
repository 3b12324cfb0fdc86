"""What the real towns say: ``python -m scripts.evidence --data FOLDER`` writes docs/evidence.md."""
