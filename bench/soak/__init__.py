"""Long trials of polling: it never stops, never doubles and never loses. See `python -m bench.soak -h`."""
