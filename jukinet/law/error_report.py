"""誤りの通報: J-LIS tells the governor (法30条の8), the governor the mayor (法12条の5), who mends."""

from __future__ import annotations
