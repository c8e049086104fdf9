"""Importing this module enters every rule into the index."""

from jukinet.law import (
    area,
    counter,
    drill,
    notification,
    numbering,
)

ROOMS = (
    counter,
    drill,
    notification,
    numbering,
    # ~ special_move
    # ~ abroad
    # ~ correction
    # ~ nationality
    # ~ family_register
    # ~ issuance
    # ~ support
    # ~ area
    area,
    # ~ retention
    # ~ law
)
