"""検索: what a mayor may be told for 住民基本台帳事務, by which route."""
