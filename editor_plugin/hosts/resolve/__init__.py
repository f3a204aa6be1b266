"""The adapter of DaVinci Resolve: Studio from 18.5 on, free from 18.5 to 21.0.

Resolve's scripting answers are not to be relied on: what fails is None or False, what succeeds may
have done nothing. So every call goes through `api.call`, and what matters is read back.
"""
