"""The name that a certificate carries: which node, office, clerk or console somebody is."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal, cast

TRUST_DOMAIN = "jukinet.example"
URI_PREFIX = f"spiffe://{TRUST_DOMAIN}/"

Kind = Literal["municipality", "prefecture", "jlis", "office", "operator", "console"]

_AREA = re.compile(r"[0-9]{6}")
# 32, so that the common name made from a path stays within the 64 characters of X.520.
_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,31}")


@dataclass(frozen=True, slots=True)
class Identity:
    """One caller or signer.

    `area_code` is "jlis" for the centre and its operators, "" for offices and consoles; `id` is "" for nodes.
    """

    kind: Kind
    area_code: str = ""
    id: str = ""

    def __post_init__(self) -> None:
        if not self._is_well_formed():
            raise ValueError("not an identity: kind, area code and id do not fit together")

    @classmethod
    def parse(cls, path: str) -> Identity:
        """The identity behind a path, e.g. `municipality/132152` or `operator/132152/c01`; ValueError if malformed."""
        match path.split("/"):
            case ["jlis", "center"]:
                return cls("jlis", "jlis")
            case ["municipality" | "prefecture" as kind, area_code]:
                return cls(cast(Kind, kind), area_code)
            case ["office" | "console" as kind, id_]:
                return cls(cast(Kind, kind), id=id_)
            case ["operator", area_code, id_]:
                return cls("operator", area_code, id_)
        raise ValueError("not a path of this network: expected e.g. municipality/{area_code}, jlis/center, office/{id}")

    @property
    def path(self) -> str:
        """What follows the trust domain in the certificate."""
        if self.kind == "jlis":
            return "jlis/center"
        return "/".join(part for part in (self.kind, self.area_code, self.id) if part)

    @property
    def uri(self) -> str:
        """The SPIFFE URI in the certificate."""
        return URI_PREFIX + self.path

    @property
    def is_node(self) -> bool:
        """Whether it is a municipality, a prefecture or J-LIS."""
        return self.kind in ("municipality", "prefecture", "jlis")

    @property
    def name(self) -> str:
        """The short origin name on the wire: the area code, or "jlis"; ValueError for anything but a node."""
        if not self.is_node:
            raise ValueError(f"only nodes have an origin name, not kind {self.kind}")
        return self.area_code

    def _is_well_formed(self) -> bool:
        area, id_ = bool(_AREA.fullmatch(self.area_code)), bool(_ID.fullmatch(self.id))
        match self.kind:
            case "jlis":
                return self.area_code == "jlis" and not self.id
            case "municipality" | "prefecture":
                return area and not self.id
            case "operator":
                return (area or self.area_code == "jlis") and id_
            case "office" | "console":
                return not self.area_code and id_
        return False


def identity(path: str) -> Identity:
    """Same as `Identity.parse`."""
    return Identity.parse(path)


def dns_name(path: str) -> str:
    """The DNS name in a node's certificate, which its clients must ask for; ValueError for anything but a node."""
    node = Identity.parse(path)
    # An empty name would quietly switch the client's name check over to the address.
    prefix = {"municipality": "m", "prefecture": "p", "jlis": ""}.get(node.kind)
    if prefix is None:
        raise ValueError(f"only nodes have a DNS name, not kind {node.kind}")
    return f"{prefix}{node.area_code}.{TRUST_DOMAIN}"
