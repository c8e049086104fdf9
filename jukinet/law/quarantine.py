"""隔離: records that were set aside: listed, mended by their origin, released."""

from __future__ import annotations

from jukinet.law.basis import state

OURS = "（シミュレーター）"

state("list_quarantine", OURS, "隔離した記録の一覧")
state("release_quarantined", OURS, "隔離した記録の再審査と反映")
state("set_anomaly_policy", OURS, "異常データを受けたときの扱い（2013年の例）")
state("settle_set_aside", "住基法第14条第1項", "使えなかつた通知を処理済みとすること（正確な記録を確保する措置）")
