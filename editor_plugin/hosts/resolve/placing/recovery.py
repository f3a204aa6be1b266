"""Restores Resolve's state after a run that was killed half-way."""

from __future__ import annotations

from editor_plugin.hosts.resolve.placing import placed_items
from editor_plugin.hosts.resolve.state import journal
from editor_plugin.hosts.resolve.state.session import Session


def recover(session: Session) -> bool:
    """Undo what a killed run left on this timeline; returns whether anything was restored.

    An empty track of ours goes. One with subtitles stays: somebody may be working with them.
    """
    before = journal.unfinished(session)
    if before is None:
        return False
    for imported in before.imports:
        placed_items.drop_from_pool(session, imported)
    known = journal.recall(session)
    for name in before.ours:
        if known is None or known.track != name:
            placed_items.delete_track(session, name)
    return journal.restore(session, before)
