"""Articles of the laws by name: 住基法第30条の6第1項, 令13条③, 30-6."""

from __future__ import annotations

import re
from dataclasses import dataclass

_LAWS = {
    "住基法施行規則": "住基法施行規則",
    "住民基本台帳法施行規則": "住基法施行規則",
    "規則": "住基法施行規則",
    "住基令": "住基令",
    "住民基本台帳法施行令": "住基令",
    "令": "住基令",
    "住基法": "住基法",
    "住民基本台帳法": "住基法",
    "法": "住基法",
    "番号法": "番号法",
    "番号令": "番号令",
}
_NAMES = "|".join(sorted(_LAWS, key=len, reverse=True))
_CIRCLED = "①②③④⑤⑥⑦⑧⑨⑩⑪⑫"
_WRITTEN = re.compile(
    rf"(?P<law>{_NAMES})?第?(?P<article>\d+)(?:条(?P<sub>(?:の\d+)*)|(?P<dashed>(?:-\d+)+)条?|条?)"
    rf"(?:第?(?P<paragraph>\d+)項|(?P<circled>[{_CIRCLED}]))?"
)


@dataclass(frozen=True, slots=True)
class Article:
    """An article; `paragraph` 0 stands for all of it. `number` is written 30の6."""

    law: str
    number: str
    paragraph: int = 0

    def covers(self, other: Article) -> bool:
        """Whether the other is this one, or a paragraph of it."""
        same = (self.law, self.number) == (other.law, other.number)
        return same and self.paragraph in (0, other.paragraph)

    def __str__(self) -> str:
        article, _, sub = self.number.partition("の")
        tail = f"第{self.paragraph}項" if self.paragraph else ""
        return f"{self.law}第{article}条{'の' + sub if sub else ''}{tail}"


def parse(text: str) -> Article | None:
    """The first article that a text names, of the 住民基本台帳法 if it names no law; None if it names none."""
    found = _WRITTEN.search(text.strip())
    if found is None:
        return None
    sub = found["sub"] or (found["dashed"] or "").replace("-", "の")
    paragraph = _CIRCLED.index(found["circled"]) + 1 if found["circled"] else int(found["paragraph"] or 0)
    return Article(_LAWS[found["law"] or "法"], found["article"] + sub, paragraph)
