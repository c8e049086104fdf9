"""Acts at the counter: one function an act, named as its rpc and its rule."""
