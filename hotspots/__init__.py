"""Where incidents gather, and where cameras and dog searches could go."""
