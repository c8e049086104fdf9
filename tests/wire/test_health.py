"""Health of both listeners and of each service by name."""

from jukinet.stack.network import Network
from jukinet.wire.client import Client, healthy

CENTER, TOKYO, KUNITACHI = "jlis/center", "prefecture/130001", "municipality/132152"
SERVICES = ("", "jukinet.v1.RelayService", "jukinet.v1.CounterService")


def test_every_service_of_a_node_whose_disk_fails_is_not_serving_until_it_recovers(tmp_path):
    network = Network(tmp_path, [CENTER, TOKYO, KUNITACHI])
    node = network.nodes[KUNITACHI]
    folder = network.layout.client(network.authority, "console/drill")
    counter = Client(folder, node.listener.address, KUNITACHI)
    drill = Client(folder, node.drill_listener.address, KUNITACHI)
    try:
        network.settle()
        for failed in (False, True, False):
            node.journal.failed = failed
            node.journal.on_failed(failed)
            assert [healthy(counter, service) for service in SERVICES] == [not failed] * 3
            assert [healthy(drill, service) for service in ("", "jukinet.v1.DrillService")] == [not failed] * 2
    finally:
        counter.close()
        drill.close()
        network.close()
