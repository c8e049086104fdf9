"""A node: start, stop, links, due jobs; no module state, many fit one process."""
