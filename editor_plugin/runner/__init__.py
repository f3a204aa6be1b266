"""The only room where NeMo lives. Runs as a process of its own: python -m editor_plugin.runner."""
