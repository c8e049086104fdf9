"""A simulator of 住民基本台帳ネットワークシステム (Juki-net) with fictional residents only."""

__version__ = "0.1.0"
