"""Pictures as inline SVG: no script, no style attributes, a name and a description each."""
