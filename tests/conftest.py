"""What every room's tests share."""

from __future__ import annotations

from hypothesis import settings

# How long an example takes says nothing here: the machine may do other things.
settings.register_profile("recue", deadline=None)
settings.load_profile("recue")
