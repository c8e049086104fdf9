"""市町村 CS with its 住民基本台帳: acts at the counter, notices to governor and neighbours."""
