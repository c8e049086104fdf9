"""提供の記録 is erased when its period is over; what is left still verifies."""

from __future__ import annotations

from datetime import date

import pytest

from jukinet.clock import to_micros
from jukinet.law.retention import keep_provision_log
from jukinet.model.dates import kept_through
from jukinet.store import audit_log
from jukinet.testing.network import Juki, instant
from jukinet.testing.office import by_items

PENSION = ("japan-pension-service", "1-77")


@pytest.mark.law("keep_provision_log")
@pytest.mark.parametrize("today", ["2028-06-01", "2028-02-29", "2028-03-01", "2029-02-28"])
def test_the_first_day_that_is_kept_is_the_one_whose_period_is_not_over(today: str) -> None:
    day = date.fromisoformat(today)
    first = keep_provision_log(day, 7)
    assert kept_through(first, 7) >= day
    assert kept_through(first.fromordinal(first.toordinal() - 1), 7) < day


@pytest.mark.law("keep_provision_log")
@pytest.mark.juki(nodes=("国立市",), provision_log_years=1)
def test_keep_provision_log_erases_who_was_provided_and_leaves_a_whole_tree(juki: Juki) -> None:
    people = juki.populate("国立市", 2)
    office, center = juki.office(*PENSION), juki.network.nodes["jlis/center"]
    old = office.provide_bulk([by_items(one) for one in people], request_id="old").audit_id
    center.anchoring.head()
    juki.clock.set("2022-05-31")
    new = office.provide_bulk([by_items(one) for one in people], request_id="new").audit_id
    with juki["機構"].file() as db:
        assert db.execute("SELECT audit_id FROM provided ORDER BY 1").fetchall() == [(old,), (new,)]
    juki.clock.set("2022-06-01")
    juki.populate("国立市", 1)
    with juki["機構"].file() as db:
        assert db.execute("SELECT audit_id FROM provided").fetchall() == [(new,)]
        kept_from = center.anchoring.kept_from()
        assert kept_from == to_micros(instant("2021-06-02"))
        assert audit_log.verify(db, "jlis/center", center.keyring, kept_from).faults == []
        early = audit_log.verify(db, "jlis/center", center.keyring, 0).faults
    assert [(fault.kind, fault.id) for fault in early] == [("PROVISION_CHANGED", old)], "erased before its time"
