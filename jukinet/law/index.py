"""Importing this module enters every rule into the index."""

from jukinet.law import (
    abroad,
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
    abroad,
    # ~ correction
    # ~ nationality
    # ~ family_register
    # ~ issuance
    # ~ support
    # ~ area
    # ~ retention
    # ~ law
)
