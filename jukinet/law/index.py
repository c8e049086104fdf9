"""Importing this module enters every rule into the index."""

from jukinet.law import (
    counter,
    drill,
    notification,
    numbering,
    retention,
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
    # ~ retention
    retention,
    # ~ law
)
