"""行政区画の変更: records that another ward, or another municipality, takes over."""
