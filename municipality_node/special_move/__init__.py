"""Move-outs as they were reported, and those that others told of beforehand."""
