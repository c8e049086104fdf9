"""Importing this module enters every rule into the index."""

from jukinet.law import (
    correction,
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
    correction,
    # ~ nationality
    # ~ family_register
    # ~ issuance
    # ~ support
    # ~ area
    # ~ retention
    # ~ law
)
