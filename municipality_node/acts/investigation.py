"""実態調査 (法34条): 職権消除, its notice, and 職権回復 of who lives here after all."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from jukinet.law import nationality
from jukinet.model import areas
from jukinet.model.dates import wareki
from jukinet.model.foreign import InvestigationResult
from jukinet.model.identification import ChangeReason, Receipt
from jukinet.model.reason import Reason
from jukinet.refusal import Refusal
from municipality_node import store
from municipality_node.acts.printing import BANNER
from municipality_node.acts.reentry import latest, reenter
from municipality_node.desk import HEAD, LODGER, Desk, ask
from municipality_node.foreign import store as foreign_store
from municipality_node.foreign.store import Ground, Removal


def delete_after_investigation(
    desk: Desk, resident_id: int, investigated: date, result: InvestigationResult, changed: date
) -> Receipt:
    """実態調査による職権消除: 消除・職権消除等, the day and result of the investigation kept with the 除票."""
    resident = desk.live(resident_id)
    since = resident.resident_since
    ask(nationality.delete_after_investigation(result, investigated, changed, since, desk.today))
    desk.remove(resident, ChangeReason.EX_OFFICIO_DELETION, changed)
    foreign_store.keep_removal(desk.db, resident.id, Removal(Ground.INVESTIGATION, investigated, result))
    desk.mend_head(resident.household_id)
    return Receipt((resident.id,), resident.household_id, desk.notices)


def restore_ex_officio(
    desk: Desk,
    resident_id: int,
    investigated: date,
    result: InvestigationResult,
    found_since: date,
    address: str,
    household_id: int,
) -> Receipt:
    """職権回復: 記載・職権記載等 with the code, the number and the 更新順番号 of the 除票."""
    former = latest(desk, resident_id)
    assert former.removal_date is not None
    removed = former.removal_date
    ask(
        nationality.restore_ex_officio(
            former.removal_reason,
            removed,
            bool(former.confirmed_destination),
            result,
            investigated,
            found_since,
            former.resident_since,
            desk.today,
        )
    )
    removal = foreign_store.removal_of(desk.db, former.id)
    kept = foreign_store.items_of(desk.db, former.id)
    ended = removal is not None and removal.ground == Ground.STAY_ENDED
    if ended or (kept is not None and nationality.has_lapsed(kept.last_day, desk.today)):
        raise Refusal(Reason.STAY_LAPSED)
    old = store.household(desk.db, former.household_id)
    area_code = former.person.area_code
    address = address or ("" if household_id else former.person.address)
    if household_id:
        joined, address = desk.joined(household_id, address, area_code)
        home = joined.id
    elif old is not None and old.address == address:
        home = old.id
    else:
        home = store.insert_household(desk.db, area_code, address)
    alone = not store.is_inhabited(desk.db, home)
    back = home == former.household_id and former.relationship != HEAD
    relationship = HEAD if alone else former.relationship if back else LODGER
    since = nationality.resident_since_after_restoration(former.resident_since, removed, found_since)
    after = replace(former.person, address=address)
    new_id = reenter(desk, former, after, home, relationship, since, (ChangeReason.EX_OFFICIO_ENTRY, found_since))
    if alone:
        store.set_head(desk.db, home, new_id)
    return Receipt((former.id, new_id), home, desk.notices)


def print_deletion_notice(desk: Desk, resident_id: int, public: bool) -> tuple[str, str]:
    """令12条4項: the letter or the 公示: title and text.

    The 公示 hangs where everybody reads it: name and address as the record had them, and no number, birth date or sex.
    """
    resident = desk.resident(resident_id)
    removal = foreign_store.removal_of(desk.db, resident.id)
    investigated = removal is not None and removal.ground == Ground.INVESTIGATION
    ask(nationality.print_deletion_notice(removal.result if removal and investigated else None, public))
    assert removal is not None
    assert resident.removal_date is not None
    area = areas.find(resident.person.area_code)
    title = "住民票の職権消除の公示" if public else "住民票の職権消除の通知書"
    lines = [
        BANNER, "", title, "",
        "住民基本台帳法施行令第12条第1項の規定により、次の者の住民票を職権で消除したので、"
        f"同条第4項の規定により{'公示' if public else '通知'}します。",
        "",
        f"氏名　　　{resident.person.name}",
        f"住所　　　{resident.person.address}",
        f"消除年月日　{wareki(resident.removal_date)}",
        f"調査年月日　{wareki(removal.day)}",
    ]  # fmt: skip
    if not public:
        lines.append(f"調査の結果　{removal.result.japanese}")
    lines += ["", f"{wareki(desk.today)}", f"{area.full_name}長" if area else ""]
    return title, "\n".join(lines)
