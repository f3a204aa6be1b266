"""Media files: described, their sound extracted, their shot changes found."""
