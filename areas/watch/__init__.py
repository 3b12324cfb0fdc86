"""The weekly watch: which series of reports are higher than their own past explains."""
