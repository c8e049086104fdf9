"""Importing this module enters every rule into the index."""

from jukinet.law import (
    abroad,
    correction,
    counter,
    drill,
    issuance,
    notification,
    numbering,
    operators,
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
    # ~ family_register
    # ~ issuance
    issuance,
    # ~ support
    support,
    # ~ area
    # ~ retention
    # ~ law
    operators,
)
