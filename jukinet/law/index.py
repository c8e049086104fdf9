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
    special_move,
    abroad,
    correction,
    nationality,
    amendments,
    family_register,
    issuance,
    support,
    area,
    retention,
    operators,
)
