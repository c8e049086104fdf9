"""磁気媒体: a part that came by post is answered to whoever signed and sealed it, and to nobody else."""

from __future__ import annotations

import pytest

from jukinet.clock import real_now
from jukinet.node.provision import entry
from jukinet.pki.authority import Credential
from jukinet.pki.keyring import Keyring
from jukinet.pki.signing import Signer
from jukinet.testing.network import Juki
from jukinet.testing.office import by_items
from jukinet.v1 import medium_pb2, medium_pb2_grpc
from jukinet.v1 import provision_pb2 as pb
from jukinet.wire import medium

CENTER, TOKYO = "jlis/center", "prefecture/130001"
PENSION = ("japan-pension-service", "1-77")
OFFICE = f"office/{PENSION[0]}"
NAMED_LIKE_THE_OFFICE = f"operator/132152/{PENSION[0]}"


def credential(juki: Juki, path: str) -> Credential:
    """A certificate for somebody, with its key."""
    return Credential.load(juki.network.layout.client(juki.network.authority, path), "node")


def signer_of(own: Credential) -> Signer:
    return Signer(own.key_pem, own.certificate_der)


def certificate(juki: Juki, path: str = CENTER) -> bytes:
    """The certificate of a node, for which a medium is sealed."""
    return juki.network.nodes[path].credentials.current.certificate_der


def questions(juki: Juki, people: int) -> medium_pb2.MediumPart:
    door = juki.office(*PENSION)
    request = pb.ProvideBulkRequest(
        operation=door.operation(),
        purpose=door.purpose("case-1"),
        questions=[pb.BulkQuestion(criteria=by_items(one)) for one in juki.populate("国立市", people)],
    )
    return medium_pb2.MediumPart(number=1, parts=1, reader=CENTER, request=request)


def load(juki: Juki, part: bytes) -> medium_pb2.LoadMediumResponse:
    request = medium_pb2.LoadMediumRequest(part=part)
    answer: medium_pb2.LoadMediumResponse = juki.console("機構").call(
        medium_pb2_grpc.MediumDrillServiceStub, "LoadMedium", request
    )
    return answer


@pytest.mark.law("load_medium")
@pytest.mark.juki(nodes=("国立市",))
def test_load_medium_is_answered_to_who_signed_it_and_nobody_else_can_read_it(juki: Juki) -> None:
    part, own = questions(juki, 2), credential(juki, OFFICE)
    answer = load(juki, medium.write(part, signer_of(own), certificate(juki)))
    asked = len(part.request.questions)
    assert (answer.asked, answer.provided) == (asked, asked)
    keyring = Keyring(juki.network.authority.root_pem)
    told, by, _ = medium.read(answer.part, own, keyring, real_now())
    assert (by.path, [one.result for one in told.response.answers]) == (CENTER, [pb.PROVISION_RESULT_FOUND] * asked)
    said = entry.read(bytes(juki["機構"].audit()[-1]["provision"]))
    assert (said.office, said.form, said.provided) == (OFFICE, pb.PROVISION_FORM_MEDIUM, asked)
    for other in (credential(juki, "office/moj"), credential(juki, OFFICE)):
        with pytest.raises(medium.MediumFault, match="not sealed for this reader"):
            medium.read(answer.part, other, keyring, real_now())
    forged = medium_pb2.MediumPart(number=1, parts=1, reader="office/moj", response=told.response)
    sealed = medium.write(forged, signer_of(own), own.certificate_der)
    with pytest.raises(medium.MediumFault, match="for somebody else"):
        medium.read(sealed, own, keyring, real_now())


@pytest.mark.law("load_medium")
@pytest.mark.juki(nodes=("国立市",))
def test_load_medium_refuses_what_was_changed_or_is_for_another_or_by_no_office(juki: Juki) -> None:
    part, own, center = questions(juki, 1), credential(juki, OFFICE), certificate(juki)
    other, clerk = credential(juki, "office/moj"), credential(juki, NAMED_LIKE_THE_OFFICE)
    written = medium.write(part, signer_of(own), center)
    changed = [written[:at] + bytes([written[at] ^ 1]) + written[at + 1 :] for at in (0, 20, 60, 110, len(written) - 1)]
    somebody_elses = medium_pb2.MediumPart(number=1, parts=1, reader=TOKYO, request=part.request)
    wrong = {
        **{f"byte {number}": one for number, one in enumerate(changed)},
        "cut short": written[:50],
        "nothing": b"",
        "sealed for another": medium.write(part, signer_of(own), certificate(juki, TOKYO)),
        "written for another": medium.write(somebody_elses, signer_of(own), center),
        "signed by another": medium.write(part, Signer(other.key_pem, own.certificate_der), center),
        "by a clerk": medium.write(part, signer_of(clerk), center),
        "answers": medium.write(
            medium_pb2.MediumPart(reader=CENTER, response=pb.ProvideBulkResponse()), signer_of(own), center
        ),
    }
    for what, one in wrong.items():
        with juki.refused("MEDIUM_UNREADABLE") as refusal:
            load(juki, one)
        assert refusal, what
    assert not any(row["provision"] for row in juki["機構"].audit()), "nothing of it is a provision"
    juki.network.revoked.add(own.serial)
    juki.network.write_directory()
    juki.network.nodes[CENTER].directory.look()
    with juki.refused("CERTIFICATE_REVOKED"):
        load(juki, written)
    again = medium.write(part, signer_of(credential(juki, OFFICE)), center)
    assert load(juki, again).provided == len(part.request.questions), "a new certificate counts"
