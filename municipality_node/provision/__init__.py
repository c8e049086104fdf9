"""提供 by the mayor, on an ordinance (法30条の14)."""
