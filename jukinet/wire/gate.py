"""May this peer make this call, or carry this origin's stream here? Default deny, decided from the contract alone."""

from __future__ import annotations

from datetime import date

from jukinet.law import basis as dated
from jukinet.law.basis import Decision, find
from jukinet.model import areas
from jukinet.model.reason import Reason
from jukinet.pki.directory import Directory
from jukinet.pki.identity import Identity
from jukinet.wire import basis


def known(caller: Identity, serial: int, directory: Directory) -> Decision:
    """A node must stand in the directory; nobody's certificate may be revoked."""
    if serial in directory.revoked:
        return Decision.deny(Reason.CERTIFICATE_REVOKED)
    if caller.is_node and directory.find(caller.path) is None:
        return Decision.deny(Reason.PEER_UNKNOWN)
    return Decision.allow()


def may_call(method: str, caller: Identity, node: Identity, on: date) -> Decision:
    """Whether the rpc's basis names this kind of caller; a clerk only at the own municipality's counter."""
    named = basis.rpcs().get(method)
    if named is None:
        return Decision.deny(Reason.NO_BASIS)
    in_force = dated.in_force(named.rule, on)
    if not in_force.allowed:
        return in_force
    if basis.CALLER_OF_KIND[caller.kind] not in named.callers:
        return Decision.deny(Reason.CALLER_NOT_NAMED)
    if caller.kind == "operator" and not speaks_for(node, caller.area_code):
        return Decision.deny(Reason.NOT_YOUR_COUNTER)
    return Decision.allow()


def may_carry(
    kind: int, counterpart: str, origin: str, peer: Identity, node: Identity, directory: Directory, on: date
) -> Decision:
    """Whether this peer may bring this origin's stream to this node.

    The first hop starts at the origin: peer = origin, or a ward of that city. On later hops the origin must be the
    peer's child in the directory. A stream with a counterpart must be addressed to this node.
    """
    hop = basis.hop(kind, peer.kind, node.kind)
    if hop is None or kind in basis.answered_kinds() or find(hop.rule, on) is None:
        return Decision.deny(Reason.NO_BASIS)
    first = hop == basis.hops(kind)[0]
    if first:
        carried = speaks_for(peer, origin)
    else:
        child = node_of(origin, directory)
        carried = child is not None and directory.parent_of(child) == directory.find(peer.path)
    if not carried:
        return Decision.deny(Reason.ORIGIN_NOT_CARRIED)
    vertical = "municipality" in (peer.kind, node.kind) and "prefecture" in (peer.kind, node.kind)
    if first and vertical and not _neighbours(peer, node, directory):
        return Decision.deny(Reason.ORIGIN_NOT_CARRIED)
    if bool(counterpart) != _addressed(peer, node) or (counterpart and not speaks_for(node, counterpart)):
        return Decision.deny(Reason.NO_BASIS)
    return Decision.allow()


def speaks_for(node: Identity, area_code: str) -> bool:
    """Whether the area is the node's own, or a ward of its city."""
    if node.area_code == area_code:
        return True
    area = areas.find(area_code)
    return area is not None and area.kind == "ward" and area.city_code == node.area_code


def node_of(area_code: str, directory: Directory) -> str | None:
    """Path of the node that speaks for an area; None if the directory has none."""
    area = areas.find(area_code)
    name = area.city_code if area is not None and area.kind == "ward" and area.city_code else area_code
    entry = directory.by_name(name)
    return entry.path if entry else None


def _neighbours(peer: Identity, node: Identity, directory: Directory) -> bool:
    """Whether one is the other's parent in the directory."""
    up, down = directory.parent_of(peer.path), directory.parent_of(node.path)
    return (up is not None and up.path == node.path) or (down is not None and down.path == peer.path)


def _addressed(peer: Identity, node: Identity) -> bool:
    """Horizontal and downward streams name their addressee; upward ones do not."""
    rank = {"municipality": 0, "prefecture": 1, "jlis": 2}
    return rank[node.kind] <= rank[peer.kind]
