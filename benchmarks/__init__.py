"""Benchmarks of Recue beside other programs: python -m benchmarks."""
