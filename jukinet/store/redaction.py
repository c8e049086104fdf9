"""What is left of a batch when records of it are erased: their leaf hashes, so that chain and root still hold."""

from __future__ import annotations

from collections.abc import Collection

from jukinet.store.projector import INDEX_MASK, SALT, leaves
from jukinet.v1 import relay_pb2


def redact(payload: relay_pb2.BatchPayload, indexes: Collection[int]) -> relay_pb2.BatchPayload:
    """The payload without these records, their salts and keys."""
    hashes = leaves(payload)
    gone = {*indexes, *(one.index for one in payload.redacted)}

    def left(keys: Collection[int]) -> list[int]:
        return [key for key in keys if key & INDEX_MASK not in gone]

    return relay_pb2.BatchPayload(
        records=[b"" if index in gone else record for index, record in enumerate(payload.records)],
        salts=b"".join(
            bytes(SALT) if index in gone else payload.salts[index * SALT : (index + 1) * SALT]
            for index in range(len(payload.records))
        ),
        code_keys=left(payload.code_keys),
        number_keys=left(payload.number_keys),
        name_keys=left(payload.name_keys),
        redacted=[relay_pb2.RedactedRecord(index=index, leaf_hash=hashes[index]) for index in sorted(gone)],
    )
