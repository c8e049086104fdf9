"""Reads the law inside the contract: the basis of every rpc and every stream kind, from the descriptors."""

from __future__ import annotations

import importlib
import pkgutil
from dataclasses import dataclass
from functools import cache

from google.protobuf.descriptor import FileDescriptor

import jukinet.v1
from jukinet.v1 import basis_pb2, relay_pb2

CALLER_OF_KIND = {
    "municipality": basis_pb2.CALLER_MUNICIPALITY,
    "prefecture": basis_pb2.CALLER_PREFECTURE,
    "jlis": basis_pb2.CALLER_CENTER,
    "office": basis_pb2.CALLER_OFFICE,
    "operator": basis_pb2.CALLER_OPERATOR,
    "console": basis_pb2.CALLER_CONSOLE,
}


@dataclass(frozen=True, slots=True)
class Hop:
    """One hop of a stream: who carries, who receives (kinds of identity), on which rule."""

    carrier: int
    receiver: int
    rule: str


@cache
def files() -> tuple[FileDescriptor, ...]:
    """Every file of the contract."""
    names = sorted(module.name for module in pkgutil.iter_modules(jukinet.v1.__path__) if module.name.endswith("_pb2"))
    return tuple(importlib.import_module(f"jukinet.v1.{name}").DESCRIPTOR for name in names)


@cache
def rpcs() -> dict[str, basis_pb2.Basis]:
    """Full method name, as in `/package.Service/Method`, → its basis. Rpcs without one are not in here."""
    found = {}
    for file in files():
        for service in file.services_by_name.values():
            for method in service.methods:
                options = method.GetOptions()
                if options.HasExtension(basis_pb2.basis):
                    found[f"/{service.full_name}/{method.name}"] = options.Extensions[basis_pb2.basis]
    return found


@cache
def hops(kind: int) -> tuple[Hop, ...]:
    """The hops of a stream kind; none for a kind without basis."""
    value = relay_pb2.StreamKind.DESCRIPTOR.values_by_number.get(kind)
    if value is None or not value.GetOptions().HasExtension(basis_pb2.stream_basis):
        return ()
    basis = value.GetOptions().Extensions[basis_pb2.stream_basis]
    return tuple(Hop(getattr(hop, "from"), hop.to, hop.rule) for hop in basis.hops)


@cache
def answered_kinds() -> tuple[int, ...]:
    """Kinds whose batches are answers of an rpc and never relayed."""
    return tuple(
        value.number
        for value in relay_pb2.StreamKind.DESCRIPTOR.values
        if value.GetOptions().Extensions[basis_pb2.stream_basis].answered
    )


def hop(kind: int, carrier_kind: str, receiver_kind: str) -> Hop | None:
    """The hop between these kinds of identity; None if the contract has none."""
    carrier, receiver = CALLER_OF_KIND.get(carrier_kind), CALLER_OF_KIND.get(receiver_kind)
    return next((hop for hop in hops(kind) if (hop.carrier, hop.receiver) == (carrier, receiver)), None)


def first_rule(kind: int) -> str:
    """The rule on which the origin says it."""
    found = hops(kind)
    return found[0].rule if found else ""
