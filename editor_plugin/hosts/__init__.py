"""What runs inside, or knows about, the editors. Standard library only, Python 3.9."""
