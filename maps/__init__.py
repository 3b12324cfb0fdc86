"""How a person sees it and judges it."""
