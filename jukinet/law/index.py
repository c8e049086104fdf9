"""Importing this module enters every rule into the index."""

from jukinet.law import counter, drill, notification, numbering

ROOMS = (counter, drill, notification, numbering)
