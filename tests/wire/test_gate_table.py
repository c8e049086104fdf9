"""Who may do what, written by hand from the message catalogue and the articles behind it, never from the contract.

Every row is decided by the gate as a node would; a sample goes over real mTLS. A row that no longer fits is a change of
law or a hole: find out which before changing it.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest
from relay.bench import CENTER, KANAGAWA, KOKUBUNJI, KUNITACHI, TOKYO, YOKOHAMA, Bench, bench

from jukinet.law import index
from jukinet.pki.directory import Directory, Entry
from jukinet.pki.identity import Identity
from jukinet.v1 import numbering_pb2, numbering_pb2_grpc, relay_pb2
from jukinet.wire import basis, gate
from jukinet.wire.client import Client, Refused

_ = index.ROOMS
IN_2021, IN_2022, IN_2023, IN_2025 = date(2021, 6, 1), date(2022, 1, 11), date(2023, 2, 6), date(2025, 4, 1)

YES, NOBODY, STRANGER, FOREIGN, COUNTER = "", "NO_BASIS", "CALLER_NOT_NAMED", "ORIGIN_NOT_CARRIED", "NOT_YOUR_COUNTER"

# Callers of the rpc table: the municipality itself, a prefecture, J-LIS, an office, a clerk of this counter, a clerk of
# another counter, the console.
CALLERS = (
    *(KUNITACHI, TOKYO, CENTER, "office/pension", "operator/132152/c01", "operator/132144/c01", "console/drill"),
)
AT_THE_COUNTER = (STRANGER, STRANGER, STRANGER, STRANGER, YES, COUNTER, STRANGER)
AT_A_COUNTER_OF_OTHERS = (STRANGER, STRANGER, STRANGER, STRANGER, COUNTER, COUNTER, STRANGER)
BY_A_MAYOR = (YES, STRANGER, STRANGER, STRANGER, STRANGER, STRANGER, STRANGER)
BY_A_GOVERNOR = (STRANGER, YES, STRANGER, STRANGER, STRANGER, STRANGER, STRANGER)
BY_WHO_TELLS = (YES, YES, STRANGER, STRANGER, STRANGER, STRANGER, STRANGER)
BY_THE_CONSOLE = (STRANGER, STRANGER, STRANGER, STRANGER, STRANGER, STRANGER, YES)
BY_AN_OFFICE = (STRANGER, STRANGER, STRANGER, YES, STRANGER, STRANGER, STRANGER)
BY_A_NODE = (YES, YES, YES, STRANGER, STRANGER, STRANGER, STRANGER)
BY_NOBODY = (NOBODY,) * 7
NOT_YET = "NOT_YET_IN_FORCE"
LATER = (NOT_YET,) * 7

AUDIT_RPCS = (
    "GetTreeHead",
    "ListAuditRows",
    "ProveAuditRow",
    "ProveConsistency",
    "VerifyAudit",
    "AnchorNow",
    "ListAnchors",
)

DISCLOSURE_RPCS = (
    *("AcceptDisclosureRequest", "DiscloseIdentification", "DiscloseProvisions", "ExtendDisclosure"),
    *("AcceptCorrectionRequest", "AnswerCorrectionRequest", "ListDisclosureRequests"),
)
BULK_RPCS = ("OpenBulkFile", "UploadBulkPage", "GetBulkFile", "DownloadBulkPage", "CloseBulkFile")
RPCS: list[tuple[str, str, tuple[str, ...]]] = [
    # 届出 and 職権 are taken by a clerk of the municipality itself (法8条, 22–25条; 令12条).
    (KUNITACHI, "CounterService/ReportBirth", AT_THE_COUNTER),
    (KUNITACHI, "CounterService/ReportDeath", AT_THE_COUNTER),
    (KUNITACHI, "CounterService/ReportMoveOut", AT_THE_COUNTER),
    (KUNITACHI, "CounterService/ReportMoveIn", AT_THE_COUNTER),
    (KUNITACHI, "CounterService/ReportRelocation", AT_THE_COUNTER),
    (KUNITACHI, "CounterService/ReportHouseholdChange", AT_THE_COUNTER),
    (KUNITACHI, "CounterService/EnterExOfficio", AT_THE_COUNTER),
    (KUNITACHI, "CounterService/DeleteExOfficio", AT_THE_COUNTER),
    (KUNITACHI, "CounterService/CorrectExOfficio", AT_THE_COUNTER),
    (KUNITACHI, "CounterService/EnterPaperMoveInNotice", AT_THE_COUNTER),
    (KUNITACHI, "CounterService/GetResident", AT_THE_COUNTER),
    (KUNITACHI, "CounterService/ListResidents", AT_THE_COUNTER),
    (KUNITACHI, "CounterService/ListTasks", AT_THE_COUNTER),
    (KUNITACHI, "CounterService/PrintNotice", AT_THE_COUNTER),
    # M08: 転入届の特例 is taken by the own clerk; another mayor alone is answered (法24条の2). M09 begins in 2023.
    (KUNITACHI, "SpecialMoveService/ReportSpecialMoveIn", AT_THE_COUNTER),
    (KUNITACHI, "SpecialMoveService/CancelMoveOut", AT_THE_COUNTER),
    (KUNITACHI, "SpecialMoveService/ListMoveOutPreNotices", LATER),
    (KUNITACHI, "IntermunicipalService/SendMoveOutCertificate", BY_A_MAYOR),
    (KUNITACHI, "AbroadService/InquireIdentification", AT_THE_COUNTER),
    (KUNITACHI, "AbroadService/ReportMoveOutAbroad", AT_THE_COUNTER),
    (KUNITACHI, "AbroadService/ReportMoveInFromAbroad", AT_THE_COUNTER),
    (KUNITACHI, "AbroadService/ReportMoveInWithoutCertificate", AT_THE_COUNTER),
    (KUNITACHI, "AbroadService/ListMissingMoveInNotices", AT_THE_COUNTER),
    (KUNITACHI, "AbroadService/ResendMoveInNotice", AT_THE_COUNTER),
    (KUNITACHI, "TraceService/TraceRecord", AT_THE_COUNTER),
    # M16: a mayor asks J-LIS (法30条の10) or the own governor, who passes it on (法30条の12) and never asks himself.
    (CENTER, "SearchService/SearchIdentification", BY_A_MAYOR),
    (CENTER, "SearchService/CollectSearchAnswers", BY_A_MAYOR),
    (CENTER, "SearchService/PassOnSearch", BY_A_GOVERNOR),
    (TOKYO, "GovernorSearchService/SearchViaGovernor", BY_A_MAYOR),
    # M17–M19: offices ask (法30条の9–30条の15); for some a governor passes on (法30条の12第1項第1号).
    (CENTER, "ProvisionService/ProvideIdentification", BY_AN_OFFICE),
    (CENTER, "ProvisionService/ProvideBulk", BY_AN_OFFICE),
    (CENTER, "ProvisionService/PassOnProvision", BY_A_GOVERNOR),
    (TOKYO, "ProvisionService/ProvideViaGovernor", BY_AN_OFFICE),
    # The log is anchored in the tier above, and shown to the console.
    (TOKYO, "AuditService/AnchorTreeHead", BY_WHO_TELLS),
    *((CENTER, f"AuditDrillService/{rpc}", BY_THE_CONSOLE) for rpc in AUDIT_RPCS),
    # 開示: a governor's or J-LIS's own clerk, and nobody's of another (法30条の32).
    *((KUNITACHI, f"DisclosureService/{rpc}", AT_THE_COUNTER) for rpc in DISCLOSURE_RPCS),
    *((CENTER, f"BulkFileService/{rpc}", BY_AN_OFFICE) for rpc in BULK_RPCS),
    (CENTER, "MediumDrillService/LoadMedium", BY_THE_CONSOLE),
    (CENTER, "StatisticsDrillService/PublishProvisionState", BY_THE_CONSOLE),
    (TOKYO, "StatisticsDrillService/KeepProvisionLedger", BY_THE_CONSOLE),
    (CENTER, "MisuseDrillService/ReportMisuse", BY_THE_CONSOLE),
    (KUNITACHI, "WatchDrillService/WatchNode", BY_THE_CONSOLE),
    # What a node holds of one person is the console's to see, never a clerk's of another tier.
    (CENTER, "HoldingDrillService/GetHolding", BY_THE_CONSOLE),
    (TOKYO, "HoldingDrillService/ListPersonMessages", BY_THE_CONSOLE),
    (CENTER, "HoldingDrillService/ListProvisionsOf", BY_THE_CONSOLE),
    (KUNITACHI, "HoldingDrillService/FindPersons", BY_THE_CONSOLE),
    (TOKYO, "MetricsDrillService/GetMetrics", BY_THE_CONSOLE),
    # 条例事務 are let in by the provider's own operators (法30条の13, 30条の14).
    (KUNITACHI, "OrdinanceService/ProposeOrdinanceAffair", AT_THE_COUNTER),
    (KUNITACHI, "OrdinanceService/ApproveOrdinanceAffair", AT_THE_COUNTER),
    (KUNITACHI, "OrdinanceService/RepealOrdinanceAffair", AT_THE_COUNTER),
    (KUNITACHI, "OrdinanceService/ListOrdinanceAffairs", AT_THE_COUNTER),
    (CENTER, "OrdinanceService/ApproveOrdinanceAffair", AT_A_COUNTER_OF_OTHERS),
    # Errors that were told of are mended by the own clerk (法14条); the queues are the console's.
    (KUNITACHI, "ErrorService/ListErrorReports", AT_THE_COUNTER),
    (KUNITACHI, "ErrorService/ResendIdentification", AT_THE_COUNTER),
    (KUNITACHI, "ErrorService/CloseErrorReport", AT_THE_COUNTER),
    (CENTER, "ErrorDrillService/ListErrorQueue", BY_THE_CONSOLE),
    # 非通知の申出 and papers are the own clerk's; who takes part is the console's.
    (KUNITACHI, "ParticipationService/FileOptOut", AT_THE_COUNTER),
    (KUNITACHI, "ParticipationService/WithdrawOptOut", AT_THE_COUNTER),
    (KUNITACHI, "ParticipationService/ListOptOuts", AT_THE_COUNTER),
    (KUNITACHI, "ParticipationService/ListPaperNotices", AT_THE_COUNTER),
    (KUNITACHI, "ParticipationService/PostPaperNotice", AT_THE_COUNTER),
    (CENTER, "ParticipationDrillService/SetParticipation", BY_THE_CONSOLE),
    (TOKYO, "ParticipationDrillService/ListParticipations", BY_THE_CONSOLE),
    # 整合: whoever tells may compare (法30条の22); the console starts it.
    (TOKYO, "ReconcileService/CompareBuckets", BY_WHO_TELLS),
    (CENTER, "ReconcileService/CompareRecords", BY_WHO_TELLS),
    (KUNITACHI, "ReconcileDrillService/StartReconcile", BY_THE_CONSOLE),
    (TOKYO, "ReconcileDrillService/GetReconcileReport", BY_THE_CONSOLE),
    (KUNITACHI, "CorrectionService/CorrectMinor", AT_THE_COUNTER),
    (KUNITACHI, "CorrectionService/ChangeResidentCode", AT_THE_COUNTER),
    (KUNITACHI, "CorrectionService/CorrectResidentCode", AT_THE_COUNTER),
    (KUNITACHI, "CorrectionService/ChangeIndividualNumber", AT_THE_COUNTER),
    (KUNITACHI, "CorrectionService/EnterFormerSurname", AT_THE_COUNTER),
    (KUNITACHI, "CorrectionService/DeleteFormerSurname", AT_THE_COUNTER),
    (KUNITACHI, "CorrectionService/EnterAlias", AT_THE_COUNTER),
    (KUNITACHI, "CorrectionService/DeleteAlias", AT_THE_COUNTER),
    # 振り仮名 only from 2025-05-26 (法7条1号の2).
    (KUNITACHI, "CorrectionService/EnterNameKana", LATER),
    # 番号法7条2項, 8条: only a mayor asks for another number.
    (CENTER, "NumberingService/ChangeIndividualNumbers", BY_A_MAYOR),
    # 令8条の2, 法30条の47・48・50, 法34条: by a clerk of the municipality that keeps the record.
    (KUNITACHI, "NationalityService/AcquireNationality", AT_THE_COUNTER),
    (KUNITACHI, "NationalityService/LoseNationality", AT_THE_COUNTER),
    (KUNITACHI, "NationalityService/ReportForeignResident", AT_THE_COUNTER),
    (KUNITACHI, "NationalityService/ReportRelationshipChange", AT_THE_COUNTER),
    (KUNITACHI, "NationalityService/EnterImmigrationNotice", AT_THE_COUNTER),
    (KUNITACHI, "NationalityService/GetForeignItems", AT_THE_COUNTER),
    (KUNITACHI, "NationalityService/ListLapsingStays", AT_THE_COUNTER),
    (KUNITACHI, "NationalityService/DeleteAfterInvestigation", AT_THE_COUNTER),
    (KUNITACHI, "NationalityService/RestoreExOfficio", AT_THE_COUNTER),
    (KUNITACHI, "NationalityService/PrintDeletionNotice", AT_THE_COUNTER),
    # 附票 and 戸籍の届書 are the 本籍地's, 受理地's and 住所地's own clerks' (法9条2項, 16–19条).
    (KUNITACHI, "FamilyRegisterService/EnterSupplementaryRegister", AT_THE_COUNTER),
    (KUNITACHI, "FamilyRegisterService/ClearSupplementaryRegister", AT_THE_COUNTER),
    (KUNITACHI, "FamilyRegisterService/GetSupplementaryRegister", AT_THE_COUNTER),
    (KUNITACHI, "FamilyRegisterService/ListSupplementaryRegister", AT_THE_COUNTER),
    (KUNITACHI, "FamilyRegisterService/EnterPaperSupplementaryNotice", AT_THE_COUNTER),
    (KUNITACHI, "FamilyRegisterService/ListSupplementaryMismatches", AT_THE_COUNTER),
    (KUNITACHI, "FamilyRegisterService/PrintSupplementaryMismatch", AT_THE_COUNTER),
    (KUNITACHI, "FamilyRegisterService/ReportDomicileTransfer", AT_THE_COUNTER),
    (KUNITACHI, "FamilyRegisterService/EnterPaperDomicileTransfer", AT_THE_COUNTER),
    (KUNITACHI, "FamilyRegisterService/AcceptFamilyRegistration", AT_THE_COUNTER),
    (KUNITACHI, "FamilyRegisterService/EnterPaperFamilyRegistrationNotice", AT_THE_COUNTER),
    (KUNITACHI, "FamilyRegisterService/ListFamilyRegistrationNotices", AT_THE_COUNTER),
    # 広域交付: a clerk of 交付地 gives the copy (法12条の4第4項); only a mayor is told (第2項, 第3項).
    (KUNITACHI, "IssuanceService/IssueWideAreaCopy", AT_THE_COUNTER),
    (KUNITACHI, "WideAreaService/SendWideAreaRecord", BY_A_MAYOR),
    # 支援措置 is asked of the own municipality (事務処理要領).
    (KUNITACHI, "SupportService/StartSupport", AT_THE_COUNTER),
    (KUNITACHI, "SupportService/ExtendSupport", AT_THE_COUNTER),
    (KUNITACHI, "SupportService/EndSupport", AT_THE_COUNTER),
    (KUNITACHI, "SupportService/ListSupports", AT_THE_COUNTER),
    # Each municipality keeps the permissions of its own clerks, and their 操作履歴 (法36条の2).
    (KUNITACHI, "OperatorService/GrantOperator", AT_THE_COUNTER),
    (KUNITACHI, "OperatorService/ListOperators", AT_THE_COUNTER),
    (KUNITACHI, "OperatorService/ListOperations", AT_THE_COUNTER),
    # M12: only a mayor asks for codes (規則9条). M13: only a mayor asks for numbers (番号令7条).
    (CENTER, "NumberingService/DesignateCodes", BY_A_MAYOR),
    (CENTER, "NumberingService/GenerateIndividualNumbers", BY_A_MAYOR),
    # The simulator's own doors.
    (CENTER, "DrillService/GetStatus", BY_THE_CONSOLE),
    (CENTER, "DrillService/ListLedger", BY_THE_CONSOLE),
    (CENTER, "DrillService/ListJournal", BY_THE_CONSOLE),
    (CENTER, "DrillService/GetEvidence", BY_THE_CONSOLE),
    (CENTER, "DrillService/SetClock", BY_THE_CONSOLE),
    (CENTER, "DrillService/SetFaults", BY_THE_CONSOLE),
    (KUNITACHI, "DrillService/RequestCodes", BY_THE_CONSOLE),
    (KUNITACHI, "DrillService/LoadHouseholds", BY_THE_CONSOLE),
    (KUNITACHI, "DrillService/Resync", BY_THE_CONSOLE),
    (KUNITACHI, "DrillService/HandOverResidents", BY_THE_CONSOLE),
    (KUNITACHI, "DrillService/AbsorbResidents", BY_THE_CONSOLE),
    # What was set aside: who runs the node lists and releases it; the clerks end what paper has mended.
    (CENTER, "QuarantineDrillService/ListQuarantine", BY_THE_CONSOLE),
    (KUNITACHI, "QuarantineDrillService/ReleaseQuarantined", BY_THE_CONSOLE),
    (TOKYO, "QuarantineDrillService/SetAnomalyPolicy", BY_THE_CONSOLE),
    (KUNITACHI, "SetAsideService/SettleSetAside", AT_THE_COUNTER),
    # Whoever keeps records has to prevent their loss (法30条の24, 36条の2), and to recover them (30条の6④, 30条の7④).
    (TOKYO, "RecoveryService/ListStreams", BY_A_NODE),
    (KUNITACHI, "RecoveryService/FetchBatches", BY_A_NODE),
    (CENTER, "RecoveryDrillService/Recover", BY_THE_CONSOLE),
    (CENTER, "RecoveryDrillService/GetRecovery", BY_THE_CONSOLE),
    # What stands nowhere is refused to everybody.
    (KUNITACHI, "CounterService/Unheard", BY_NOBODY),
    (CENTER, "RelayService/DeliverBatch", BY_NOBODY),
]
CALLS = [
    pytest.param(node, rpc, caller, expected, id=f"{caller}-{rpc}")
    for node, rpc, row in RPCS
    for caller, expected in zip(CALLERS, row, strict=True)
]


def entry(path: str, parent: str) -> Entry:
    return Entry(path, "127.0.0.1:1", "127.0.0.1:2", parent)


DIRECTORY = Directory(
    1,
    (
        entry(CENTER, ""),
        entry(TOKYO, CENTER),
        entry(KANAGAWA, CENTER),
        entry(KUNITACHI, TOKYO),
        entry(KOKUBUNJI, TOKYO),
        entry(YOKOHAMA, KANAGAWA),
    ),
)

# Areas by what they are to Tokyo's 国立市: own, neighbour, ward of 横浜市, a municipality nobody lists.
OWN, NEXT, CITY, WARD, OTHER_WARD, UNLISTED = "132152", "132144", "141003", "141011", "141020", "074829"
J = "jlis"
CLERK, OFFICE, CONSOLE = "operator/132152/c01", "office/pension", "console/drill"

# stream, carrier, receiver, origin, counterpart, day, expected
M01 = [  # 法30条の6: a mayor to the own governor, signed by the mayor
    (1, KUNITACHI, TOKYO, OWN, "", IN_2021, YES),
    (1, KUNITACHI, TOKYO, OWN, "", IN_2025, YES),
    (1, KUNITACHI, TOKYO, NEXT, "", IN_2021, FOREIGN),
    (1, KUNITACHI, TOKYO, WARD, "", IN_2021, FOREIGN),
    (1, KUNITACHI, TOKYO, "130001", "", IN_2021, FOREIGN),
    (1, KUNITACHI, TOKYO, J, "", IN_2021, FOREIGN),
    (1, KUNITACHI, TOKYO, "", "", IN_2021, FOREIGN),
    (1, KUNITACHI, KANAGAWA, OWN, "", IN_2021, FOREIGN),
    (1, KUNITACHI, CENTER, OWN, "", IN_2021, NOBODY),
    (1, KUNITACHI, KOKUBUNJI, OWN, "", IN_2021, NOBODY),
    (1, KUNITACHI, KUNITACHI, OWN, "", IN_2021, NOBODY),
    (1, KUNITACHI, TOKYO, OWN, "130001", IN_2021, NOBODY),
    (1, KUNITACHI, TOKYO, OWN, OWN, IN_2021, NOBODY),
    (1, YOKOHAMA, KANAGAWA, WARD, "", IN_2021, YES),
    (1, YOKOHAMA, KANAGAWA, OTHER_WARD, "", IN_2021, YES),
    (1, YOKOHAMA, KANAGAWA, CITY, "", IN_2021, YES),
    (1, YOKOHAMA, KANAGAWA, OWN, "", IN_2021, FOREIGN),
    (1, YOKOHAMA, TOKYO, WARD, "", IN_2021, FOREIGN),
    (1, TOKYO, TOKYO, OWN, "", IN_2021, NOBODY),
    (1, TOKYO, KANAGAWA, OWN, "", IN_2021, NOBODY),
    (1, TOKYO, KUNITACHI, OWN, "", IN_2021, NOBODY),
    (1, CENTER, TOKYO, OWN, "", IN_2021, NOBODY),
    (1, CLERK, TOKYO, OWN, "", IN_2021, NOBODY),
    (1, OFFICE, TOKYO, OWN, "", IN_2021, NOBODY),
    (1, CONSOLE, TOKYO, OWN, "", IN_2021, NOBODY),
]
M02 = [  # 法30条の7: a governor to J-LIS, what the own mayors signed
    (1, TOKYO, CENTER, OWN, "", IN_2021, YES),
    (1, TOKYO, CENTER, NEXT, "", IN_2021, YES),
    (1, TOKYO, CENTER, NEXT, "", IN_2025, YES),
    (1, TOKYO, CENTER, CITY, "", IN_2021, FOREIGN),
    (1, TOKYO, CENTER, WARD, "", IN_2021, FOREIGN),
    (1, TOKYO, CENTER, UNLISTED, "", IN_2021, FOREIGN),
    (1, TOKYO, CENTER, "130001", "", IN_2021, FOREIGN),
    (1, TOKYO, CENTER, J, "", IN_2021, FOREIGN),
    (1, TOKYO, CENTER, "999999", "", IN_2021, FOREIGN),
    (1, TOKYO, CENTER, "", "", IN_2021, FOREIGN),
    (1, TOKYO, CENTER, OWN, J, IN_2021, NOBODY),
    (1, KANAGAWA, CENTER, WARD, "", IN_2021, YES),
    (1, KANAGAWA, CENTER, OTHER_WARD, "", IN_2021, YES),
    (1, KANAGAWA, CENTER, CITY, "", IN_2021, YES),
    (1, KANAGAWA, CENTER, OWN, "", IN_2021, FOREIGN),
    (1, CLERK, CENTER, OWN, "", IN_2021, NOBODY),
    (1, OFFICE, CENTER, OWN, "", IN_2021, NOBODY),
    (1, CONSOLE, CENTER, OWN, "", IN_2021, NOBODY),
    (1, CENTER, CENTER, J, "", IN_2021, NOBODY),
]
M05 = [  # 令13条3項: a mayor to the own governor, and no further
    (2, KUNITACHI, TOKYO, OWN, "", IN_2021, YES),
    (2, KUNITACHI, TOKYO, NEXT, "", IN_2021, FOREIGN),
    (2, KUNITACHI, KANAGAWA, OWN, "", IN_2021, FOREIGN),
    (2, YOKOHAMA, KANAGAWA, WARD, "", IN_2021, YES),
    (2, TOKYO, CENTER, OWN, "", IN_2021, NOBODY),
    (2, KUNITACHI, CENTER, OWN, "", IN_2021, NOBODY),
    (2, KUNITACHI, KOKUBUNJI, OWN, NEXT, IN_2021, NOBODY),
    (2, CENTER, TOKYO, OWN, "", IN_2021, NOBODY),
    (2, CLERK, TOKYO, OWN, "", IN_2021, NOBODY),
]


def horizontal(
    kind: int, before: tuple[date, str], after: tuple[date, str]
) -> list[tuple[int, str, str, str, str, date, str]]:
    """法9条, 19条, 24条の2: between mayors, each for itself, addressed; never through governor or J-LIS."""
    day, yes = after
    return [
        (kind, KOKUBUNJI, KUNITACHI, NEXT, OWN, *before),
        (kind, KOKUBUNJI, KUNITACHI, NEXT, OWN, day, yes),
        (kind, YOKOHAMA, KUNITACHI, WARD, OWN, day, yes),
        (kind, KUNITACHI, YOKOHAMA, OWN, WARD, day, yes),
        (kind, KUNITACHI, YOKOHAMA, OWN, CITY, day, yes),
        (kind, KOKUBUNJI, KUNITACHI, OWN, OWN, day, FOREIGN),
        (kind, KOKUBUNJI, KUNITACHI, WARD, OWN, day, FOREIGN),
        (kind, KOKUBUNJI, KUNITACHI, NEXT, WARD, day, NOBODY),
        (kind, KOKUBUNJI, KUNITACHI, NEXT, "", day, NOBODY),
        (kind, KOKUBUNJI, KUNITACHI, NEXT, NEXT, day, NOBODY),
        (kind, KUNITACHI, TOKYO, OWN, "", day, NOBODY),
        (kind, KUNITACHI, TOKYO, OWN, "130001", day, NOBODY),
        (kind, TOKYO, KUNITACHI, NEXT, OWN, day, NOBODY),
        (kind, TOKYO, CENTER, OWN, "", day, NOBODY),
        (kind, CENTER, KUNITACHI, NEXT, OWN, day, NOBODY),
        (kind, KUNITACHI, CENTER, OWN, J, day, NOBODY),
        (kind, CLERK, KUNITACHI, OWN, OWN, day, NOBODY),
    ]


M06 = horizontal(3, (IN_2021, YES), (IN_2021, YES))  # 転入通知 法9条1項
M07 = horizontal(4, (IN_2023, NOBODY), (IN_2025, YES))  # 法9条2項, by line from 2024-05-27 (同条3項)
M11 = horizontal(5, (IN_2021, YES), (IN_2021, YES))  # 法19条
M11B = [row for kind in (15, 16) for row in horizontal(kind, (IN_2023, NOBODY), (IN_2025, YES))]  # 法19条2項, 3項
M09 = horizontal(6, (IN_2022, NOBODY), (IN_2023, YES))  # 法24条の2, from 2023-02-06
M03 = [  # 法30条の8: J-LIS to a governor
    (7, CENTER, TOKYO, J, "130001", IN_2021, YES),
    (7, CENTER, KANAGAWA, J, "140007", IN_2021, YES),
    (7, CENTER, TOKYO, J, "140007", IN_2021, NOBODY),
    (7, CENTER, TOKYO, J, "", IN_2021, NOBODY),
    (7, CENTER, TOKYO, OWN, "130001", IN_2021, FOREIGN),
    (7, CENTER, KUNITACHI, J, OWN, IN_2021, NOBODY),
    (7, TOKYO, CENTER, "130001", J, IN_2021, NOBODY),
    (7, TOKYO, KANAGAWA, J, "140007", IN_2021, NOBODY),
    (7, KUNITACHI, TOKYO, J, "130001", IN_2021, NOBODY),
]
M04 = [  # 法12条の5: a governor to the own mayors
    (8, TOKYO, KUNITACHI, "130001", OWN, IN_2021, YES),
    (8, TOKYO, KOKUBUNJI, "130001", NEXT, IN_2021, YES),
    (8, KANAGAWA, YOKOHAMA, "140007", CITY, IN_2021, YES),
    (8, KANAGAWA, YOKOHAMA, "140007", WARD, IN_2021, YES),
    (8, TOKYO, KUNITACHI, "130001", NEXT, IN_2021, NOBODY),
    (8, TOKYO, KUNITACHI, "130001", "", IN_2021, NOBODY),
    (8, TOKYO, KUNITACHI, J, OWN, IN_2021, FOREIGN),
    (8, TOKYO, KUNITACHI, "140007", OWN, IN_2021, FOREIGN),
    (8, KANAGAWA, KUNITACHI, "140007", OWN, IN_2021, FOREIGN),
    (8, CENTER, KUNITACHI, J, OWN, IN_2021, NOBODY),
    (8, KOKUBUNJI, KUNITACHI, NEXT, OWN, IN_2021, NOBODY),
    (8, KUNITACHI, TOKYO, OWN, "130001", IN_2021, NOBODY),
]
M12_M13 = [  # 法30条の2, 番号令9条, 番号法7条2項: answers of an rpc, so never brought by anybody
    (kind, carrier, receiver, origin, counterpart, IN_2021, NOBODY)
    for kind in (9, 10, 17)
    for carrier, receiver, origin, counterpart in (
        (CENTER, KUNITACHI, J, OWN),
        (CENTER, TOKYO, J, "130001"),
        (TOKYO, KUNITACHI, J, OWN),
        (KOKUBUNJI, KUNITACHI, NEXT, OWN),
        (KUNITACHI, CENTER, OWN, J),
    )
]
M08_M10_M16 = [  # 法24条の2, 12条の4, 30条の10: answers of an rpc, so never brought by anybody
    (kind, carrier, receiver, origin, counterpart, IN_2025, NOBODY)
    for kind in (12, 13, 14)
    for carrier, receiver, origin, counterpart in (
        (KOKUBUNJI, KUNITACHI, NEXT, OWN),
        (CENTER, KUNITACHI, J, OWN),
        (KUNITACHI, TOKYO, OWN, ""),
        (TOKYO, KUNITACHI, J, OWN),
    )
]
M25 = [  # 法30条の41, 30条の42, from 2024-05-27
    (11, KUNITACHI, TOKYO, OWN, "", IN_2021, NOBODY),
    (11, KUNITACHI, TOKYO, OWN, "", date(2024, 5, 26), NOBODY),
    (11, KUNITACHI, TOKYO, OWN, "", date(2024, 5, 27), YES),
    (11, KUNITACHI, TOKYO, NEXT, "", IN_2025, FOREIGN),
    (11, KUNITACHI, CENTER, OWN, "", IN_2025, NOBODY),
    (11, TOKYO, CENTER, OWN, "", date(2024, 5, 26), NOBODY),
    (11, TOKYO, CENTER, OWN, "", IN_2025, YES),
    (11, TOKYO, CENTER, WARD, "", IN_2025, FOREIGN),
    (11, KANAGAWA, CENTER, WARD, "", IN_2025, YES),
]
UNKNOWN = [
    (0, KUNITACHI, TOKYO, OWN, "", IN_2021, NOBODY),
    (0, TOKYO, CENTER, OWN, "", IN_2021, NOBODY),
    (99, KUNITACHI, TOKYO, OWN, "", IN_2021, NOBODY),
    (99, TOKYO, CENTER, OWN, "", IN_2025, NOBODY),
]
CARRIED = [*M01, *M02, *M03, *M04, *M05, *M06, *M07, *M08_M10_M16, *M09, *M11, *M11B, *M12_M13, *M25, *UNKNOWN]


@pytest.mark.parametrize(("node", "rpc", "caller", "expected"), CALLS)
def test_a_call_is_decided_as_the_table_says(node: str, rpc: str, caller: str, expected: str) -> None:
    decision = gate.may_call(f"/jukinet.v1.{rpc}", Identity.parse(caller), Identity.parse(node), IN_2021)
    assert (decision.reason.value if decision.reason else YES) == expected
    assert decision.allowed == (expected == YES)


@pytest.mark.parametrize(
    ("kind", "carrier", "receiver", "origin", "counterpart", "day", "expected"),
    [pytest.param(*row, id="-".join(map(str, row))) for row in CARRIED],
)
def test_a_batch_is_decided_as_the_table_says(
    kind: int, carrier: str, receiver: str, origin: str, counterpart: str, day: date, expected: str
) -> None:
    decision = gate.may_carry(
        kind, counterpart, origin, Identity.parse(carrier), Identity.parse(receiver), DIRECTORY, day
    )
    assert (decision.reason.value if decision.reason else YES) == expected
    assert decision.allowed == (expected == YES)


@pytest.mark.parametrize(
    ("rpc", "day", "expected"),
    [
        ("EnterNameKana", date(2025, 5, 25), NOT_YET),
        ("EnterNameKana", date(2025, 5, 26), YES),
        ("EnterFormerSurname", date(2019, 11, 4), NOT_YET),
        ("EnterFormerSurname", date(2019, 11, 5), YES),
        ("DeleteFormerSurname", date(2019, 11, 4), NOT_YET),
        ("DeleteFormerSurname", date(2019, 11, 5), YES),
    ],
)
def test_a_name_is_entered_only_once_its_article_is_in_force(rpc: str, day: date, expected: str) -> None:
    method = f"/jukinet.v1.CorrectionService/{rpc}"
    decision = gate.may_call(method, Identity.parse(CLERK), Identity.parse(KUNITACHI), day)
    assert (decision.reason.value if decision.reason else YES) == expected


def test_the_table_speaks_of_every_rpc_and_of_every_stream_kind() -> None:
    rpcs = {
        f"{service.name}/{method.name}"
        for file in basis.files()
        for service in file.services_by_name.values()
        for method in service.methods
    }
    assert rpcs - {rpc for _, rpc, _ in RPCS} == set()
    assert {value.number for value in relay_pb2.StreamKind.DESCRIPTOR.values} - {row[0] for row in CARRIED} == set()
    assert len(CALLS) + len(CARRIED) >= 150


def test_a_node_that_the_directory_does_not_list_is_unknown_and_a_revoked_one_is_refused() -> None:
    revoking = Directory(2, DIRECTORY.entries, frozenset({7}))
    for caller, serial, expected in (
        (KUNITACHI, 1, YES),
        (KUNITACHI, 7, "CERTIFICATE_REVOKED"),
        ("municipality/074829", 1, "PEER_UNKNOWN"),
        ("prefecture/070009", 1, "PEER_UNKNOWN"),
        (CLERK, 1, YES),
        (CLERK, 7, "CERTIFICATE_REVOKED"),
        (CONSOLE, 1, YES),
        (CONSOLE, 7, "CERTIFICATE_REVOKED"),
        (OFFICE, 1, YES),
    ):
        decision = gate.known(Identity.parse(caller), serial, revoking)
        assert (decision.reason.value if decision.reason else YES) == expected, (caller, serial)


# A sample over real mTLS


@pytest.fixture(scope="module")
def wired(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bench]:
    with bench(tmp_path_factory.mktemp("gate"), [CENTER, TOKYO, KUNITACHI], [KOKUBUNJI, KANAGAWA, YOKOHAMA]) as made:
        yield made


@pytest.mark.parametrize(
    ("kind", "carrier", "receiver", "origin", "counterpart", "day", "expected"),
    [
        pytest.param(*row, id="-".join(map(str, row)))
        for row in CARRIED
        if row[5] == IN_2021
        and row[2] in (CENTER, TOKYO, KUNITACHI)
        and row[6]
        and row[1] not in (row[2], CENTER, CLERK, OFFICE, CONSOLE)  # other certificates: test_listeners.py
    ][::4],
)
def test_a_refused_row_is_refused_over_the_wire_too(
    wired: Bench, kind: int, carrier: str, receiver: str, origin: str, counterpart: str, day: date, expected: str
) -> None:
    signer = wired.origin(KUNITACHI)
    signer.area_code, signer.kind, signer.counterpart = origin, kind, counterpart
    assert wired.carrier(carrier, receiver).refused(signer.batch()).reason == expected


@pytest.mark.parametrize(
    ("kind", "carrier", "receiver", "counterpart"),
    [
        (1, KUNITACHI, TOKYO, ""),
        (1, YOKOHAMA, KANAGAWA, ""),
        (3, KOKUBUNJI, KUNITACHI, OWN),
        (5, YOKOHAMA, KUNITACHI, OWN),
    ],
)
def test_an_allowed_row_passes_over_the_wire(
    wired: Bench, kind: int, carrier: str, receiver: str, counterpart: str
) -> None:
    if receiver not in wired.network.nodes:
        wired.network.layout.give(wired.authority, receiver)
        wired.network.start(receiver)
        wired.publish()
    signer = wired.origin(carrier)
    signer.kind, signer.counterpart = kind, counterpart
    assert wired.carrier(carrier, receiver).deliver(signer.batch()).next_number == 2


@pytest.mark.parametrize(
    ("caller", "expected"),
    [("operator/132152/c01", STRANGER), (TOKYO, STRANGER), (CONSOLE, STRANGER), (OFFICE, STRANGER), (KOKUBUNJI, YES)],
)
def test_codes_are_designated_to_mayors_alone_over_the_wire(wired: Bench, caller: str, expected: str) -> None:
    folder = wired.network.layout.client(wired.authority, caller)
    client = Client(folder, wired.node(CENTER).listener.address, CENTER)
    request = numbering_pb2.DesignateCodesRequest(request_id="gate-1", count=1)
    try:
        if expected:
            with pytest.raises(Refused) as caught:
                client.call(numbering_pb2_grpc.NumberingServiceStub, "DesignateCodes", request)
            assert caught.value.reason == expected
            assert (caller, "DesignateCodes", 0, expected) in wired.audit(CENTER)
        else:
            assert client.call(numbering_pb2_grpc.NumberingServiceStub, "DesignateCodes", request).batch.payload
    finally:
        client.close()
