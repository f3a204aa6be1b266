"""Recue's performance claims, measured side by side: python -m benchmarks."""
