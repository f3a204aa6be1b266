"""The demo: a small speech model of our own, a short film with two voices, and its timeline."""
