"""Search over every word that was ever heard: an index in the store, and the queries."""

from editor_plugin.engine.search.index import has_full_text, refresh
from editor_plugin.engine.search.indexer import Indexer
from editor_plugin.engine.search.query import Found, Hit, search

__all__ = ["Found", "Hit", "Indexer", "has_full_text", "refresh", "search"]
