"""Importing this module enters every rule into the index."""

from jukinet.law import (
    counter,
    drill,
    family_register,
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
    family_register,
    # ~ issuance
    # ~ support
    # ~ area
    # ~ retention
    # ~ law
)
