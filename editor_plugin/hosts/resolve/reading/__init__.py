"""From Resolve to a snapshot: the timeline, its clips, the files behind them."""
