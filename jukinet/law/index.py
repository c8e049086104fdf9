"""Importing this module enters every rule into the index."""

from jukinet.law import (
    abroad,
    amendments,
    area,
    correction,
    counter,
    drill,
    family_register,
    issuance,
    nationality,
    notification,
    numbering,
    operators,
    retention,
    special_move,
    support,
)

ROOMS = (
    counter,
    drill,
    notification,
    numbering,
    # ~ special_move
    special_move,
    # ~ abroad
    abroad,
    # ~ correction
    correction,
    # ~ nationality
    nationality,
    amendments,
    # ~ family_register
    family_register,
    # ~ issuance
    issuance,
    # ~ support
    support,
    # ~ area
    area,
    # ~ retention
    retention,
    # ~ law
    operators,
)
