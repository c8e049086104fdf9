"""Package data: tables of areas, figures, names and law, each with its source in PROVENANCE.md."""

import csv


def rows(table: str) -> list[dict[str, str]]:
    """Read one table of this package, such as "municipalities.csv", as one dict of texts for each row.

    Reads at every call: who needs a table often keeps what it made of it.
    """
    from importlib.resources import files  # imported late: a node that reads no table need not pay for it

    text = (files(__name__) / table).read_text(encoding="utf-8")
    return list(csv.DictReader(text.splitlines()))
