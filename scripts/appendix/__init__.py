"""``lagesbild appendix``: the yearly appendix of a project, in two tiers from one computation."""
