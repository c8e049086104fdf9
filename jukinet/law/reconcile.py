"""整合: what is stored above is compared with the register, and only those who differ travel."""

from __future__ import annotations
