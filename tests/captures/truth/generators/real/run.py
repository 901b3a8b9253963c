"""Record one scenario: python -m real.run SCENARIO_JSON PREFIX

Writes PREFIX.pcap, PREFIX.keys (TLS secrets), PREFIX.access.log and PREFIX.run/ (pages, configuration, output of the
programs). Needs Linux, root and the programs that README.md names.
"""
import contextlib
import json
import os
import shutil
import sys
import time

from network import certificate
from network.link import Conditions, Link
from network.namespace import pair
from real import hosts, servers, site
from wire import pcap

HERE = os.path.dirname(os.path.abspath(__file__))
LEAST_QUEUE_BYTES = 128 << 10
GRACE_S = 40        # for the client to end after its time


def main():
    scenario, prefix = json.loads(sys.argv[1]), os.path.abspath(sys.argv[2])
    folder = prefix + ".run"
    shutil.rmtree(folder, ignore_errors=True)
    os.makedirs(folder)
    for path in (prefix + ".keys", prefix + ".access.log"):
        with contextlib.suppress(FileNotFoundError):
            os.unlink(path)
    site.write(scenario, folder + "/www")
    pcap.write(prefix + ".pcap", record(scenario, prefix, folder, certificate.make(folder)))


def record(scenario, prefix, folder, tls):
    conditions = Conditions(scenario["seed"], scenario["rtt_ms"], scenario["mbit"], scenario["loss"], scenario["access_share"],
                            LEAST_QUEUE_BYTES, scenario["offload"])
    with (pair(hosts.CLIENT_ADDRESSES, hosts.SERVER_ADDRESSES, scenario["offload"]) as (client, server),
          open(folder + "/server.out", "w") as server_output, open(folder + "/client.out", "w") as client_output):
        for command, environment in servers.commands(scenario, folder, prefix + ".access.log", tls):
            server.start(command, env=environment, stdout=server_output, stderr=server_output)
        time.sleep(2.5)
        arguments = dict(scenario, keys=prefix + ".keys", folder=folder, pin=tls.pin,
                         addresses={name: hosts.address(name, scenario["ipv6"]) for name in hosts.NUMBERS})
        environment = dict(os.environ, SSLKEYLOGFILE=prefix + ".keys", HOME=folder, TMPDIR=folder)
        end = client.start(["node", HERE + "/client.js", json.dumps(arguments)], env=environment, stdout=client_output,
                           stderr=client_output)
        deadline = time.time() + scenario["seconds"] + GRACE_S
        return Link(client.tun, server.tun, conditions).run(lambda: end.poll() is None and time.time() < deadline)


if __name__ == "__main__":
    main()
