"""The job contract: what a job is asked to do, how it stands, what it tells, and what came of it.

Each value has a `to_wire` and a `from_wire`; docs/design/engine.md describes the JSON.
"""
