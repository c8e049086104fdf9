"""Does J-LIS hold the union of the municipalities' live records? Standard library only: none of our code is trusted.

Usage: python union_check.py STATE_FOLDER

Opens every store read-only, collects (origin, code, SHA-256 of 本人確認情報) of the live records on both sides and
compares. Prints counts only, never a number or a name. Exit 0 if they are equal, 1 if not, 2 if a store is missing.
"""

import hashlib
import sqlite3
import sys
from pathlib import Path

REMOVED = 3


def live(file: Path, query: str) -> list[tuple[str, int, str]]:
    """Live records of one store as (origin, code, hash of the body)."""
    db = sqlite3.connect(f"file:{file}?mode=ro", uri=True)
    try:
        return [(origin, code, hashlib.sha256(body).hexdigest()) for origin, code, body in db.execute(query)]
    finally:
        db.close()


def main(root: str) -> int:
    """Compare, and say what was found."""
    nodes = sorted(Path(root, "nodes").iterdir())
    municipalities = [node for node in nodes if node.name.startswith("municipality-")]
    prefectures = [node for node in nodes if node.name.startswith("prefecture-")]
    centers = [node for node in nodes if node.name.startswith("jlis-")]
    if not municipalities or len(centers) != 1:
        print(f"no stores under {root}: expected nodes/municipality-* and one nodes/jlis-*", file=sys.stderr)
        return 2
    below: list[tuple[str, int, str]] = []
    for node in municipalities:
        found = live(node / "journal.db", f"SELECT area_code, code, body FROM resident WHERE state <> {REMOVED}")
        print(f"{node.name:24} {len(found):>9,} live")
        below += found
    upper = "SELECT area_code, code, body FROM identification WHERE live = 1"
    between: list[tuple[str, int, str]] = []
    for node in prefectures:
        found = live(node / "register.db", upper)
        print(f"{node.name:24} {len(found):>9,} live")
        between += found
    above = live(centers[0] / "register.db", upper)
    print(f"{centers[0].name:24} {len(above):>9,} live")
    equal = True
    for name, held in (("prefectures", between), ("J-LIS", above)):
        only_below, only_above = set(below) - set(held), set(held) - set(below)
        twice = len(held) - len(set(held)) + len(below) - len(set(below))
        same = not only_below and not only_above and not twice
        equal = equal and same
        print(
            f"{name}: {'equal to' if same else 'DIFFERENT from'} the union of the municipalities "
            f"(only below {len(only_below)}, only above {len(only_above)}, twice {twice})"
        )
    return 0 if equal else 1


if __name__ == "__main__":
    if len(sys.argv) != 2:
        print(__doc__, file=sys.stderr)
        sys.exit(2)
    sys.exit(main(sys.argv[1]))
