"""Importing this module enters every rule into the index."""

from jukinet.law import (
    amendments,
    counter,
    drill,
    nationality,
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
    nationality,
    amendments,
    # ~ family_register
    # ~ issuance
    # ~ support
    # ~ area
    # ~ retention
    # ~ law
)
