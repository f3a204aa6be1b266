"""The recognition process, which alone imports NeMo: python -m editor_plugin.runner."""
