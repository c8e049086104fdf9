"""整合: what is stored above is compared with the register, and only those who differ travel."""

from __future__ import annotations

from datetime import date, timedelta

from jukinet.law.basis import basis, state

_CAPTION = "本人確認情報の整合"
state("compare_buckets", "住基法第30条の22第2項・第3項", _CAPTION)
state("compare_records", "住基法第30条の22第2項・第3項", _CAPTION)


@basis("住基法第14条第1項", "整合により判明した相違についての本人確認情報の再通知")
def reconcile_identification(last: date, every_days: int) -> date | None:
    """住民に関する正確な記録のための定期の整合をする日。None where it is done only on demand.

    How often the real network compares is not known; the period is a setting.
    """
    return last + timedelta(days=every_days) if every_days > 0 else None
