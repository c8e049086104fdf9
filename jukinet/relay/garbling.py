"""Broken characters, as a fault of a drill: what is sealed is wrong though the register is right (2013-03-26)."""

from __future__ import annotations

import random

from jukinet.model.stream import Stream
from jukinet.v1 import identification_pb2, relay_pb2

LOST = "\ufffd"


class Garbler:
    """Garbles 氏名 of 本人確認情報 on their way into a batch; off until `set` says otherwise."""

    def __init__(self) -> None:
        self._per_mille = 0
        self._dice = random.Random(0)

    def set(self, per_mille: int, seed: int) -> None:
        """The share of records from now on, in thousandths."""
        self._per_mille, self._dice = per_mille, random.Random(seed)

    def __call__(self, stream: Stream, record: bytes) -> bytes:
        """The record as it goes out."""
        if stream.kind != relay_pb2.STREAM_KIND_IDENTIFICATION or self._dice.random() * 1000 >= self._per_mille:
            return record
        message = identification_pb2.IdentificationRecord.FromString(record)
        message.identification.name = LOST.join(message.identification.name[::2]) + LOST
        return message.SerializeToString()
