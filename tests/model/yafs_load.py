"""Loads an export for YAFS into the real YAFS, runs it, and compares what was sent with what was asked for.

In: appDefinition.json and usersDefinition.json. Out: a line for each application, and an exit code. YAFS is not on PyPI:
put `src` of https://github.com/acsicuib/YAFS on PYTHONPATH, and install simpy, networkx, numpy, pandas and tqdm.

    PYTHONPATH=YAFS/src python3 tests/model/yafs_load.py appDefinition.json usersDefinition.json
"""

import csv
import json
import os
import sys
import tempfile
from collections import Counter, defaultdict

import networkx as nx
from yafs.application import create_applications_from_json
from yafs.core import Sim
from yafs.distribution import exponential_distribution
from yafs.placement import JSONPlacement
from yafs.population import Population
from yafs.selection import Selection
from yafs.topology import Topology

USER, SERVER = 0, 1


class Users(Population):
    """Deploys each source with a seed of its own: the examples of YAFS give equal ones, so all would send at once."""

    def __init__(self, sources, **kwargs):
        super().__init__(**kwargs)
        self.sources = sources

    def initial_allocation(self, sim, app_name):
        for seed, source in enumerate(self.sources):
            if source["app"] == app_name:
                message = sim.apps[app_name].get_message(source["message"])
                pauses = exponential_distribution(source["lambda"], seed=seed, name="pauses")
                sim.deploy_source(app_name, id_node=source["id_resource"], msg=message, distribution=pauses)


class Shortest(Selection):
    """The shortest path to the only instance of a module."""

    def get_path(self, sim, app_name, message, topology_src, alloc_DES, alloc_module, traffic, from_des):
        instance = alloc_module[app_name][message.dst][0]
        return [list(nx.shortest_path(sim.topology.G, topology_src, alloc_DES[instance]))], [instance]


def network():
    """A user and a server; a unit of time is 1 ms, so 12.5 kB in it are 100 Mbit/s."""
    topology = Topology()
    nodes = [{"id": USER, "IPT": 1}, {"id": SERVER, "IPT": 1}]
    topology.load({"entity": nodes, "link": [{"s": USER, "d": SERVER, "BW": 0.0125, "PR": 1}]})
    return topology


def simulate(apps, users, until, results):
    sim = Sim(network(), default_results_path=results)
    applications = create_applications_from_json(apps)
    for name, application in applications.items():
        nodes = {f"{name}_client": USER, f"{name}_server": SERVER}
        places = [{"app": name, "module_name": module, "id_resource": node} for module, node in nodes.items()]
        used = [place for place in places if place["module_name"] in application.services]
        placement = JSONPlacement(name=name, json={"initialAllocation": used})
        sim.deploy_app2(application, placement, Users(users["sources"], name=name), Shortest())
    sim.run(until)


def main(apps_path, users_path):
    with open(apps_path) as apps_file, open(users_path) as users_file:
        apps, users = json.load(apps_file), json.load(users_file)
    asked = {message["name"]: message["bytes"] for app in apps for message in app["message"]}
    pauses = {source["message"]: source["lambda"] for source in users["sources"]}
    until = 400 * max(pauses.values())
    with tempfile.TemporaryDirectory() as folder:
        results = os.path.join(folder, "trace")
        simulate(apps, users, until, results)
        with open(results + "_link.csv") as links:
            sent, sizes = Counter(), defaultdict(set)
            for line in csv.DictReader(links):
                sent[line["message"]] += 1
                sizes[line["message"]].add(int(line["size"]))
    wrong = [name for name, size in asked.items() if sizes[name] != {size}]
    for name, pause in pauses.items():
        expected = until / pause
        # Five standard deviations of a Poisson count; a draw is cut to whole ms, which is half of one less.
        if abs(sent[name] - expected) > 5 * expected**0.5 + expected / pause:
            wrong.append(name)
        reply = name.replace(".up.", ".down.")
        if reply in asked and not sent[name] - 10 <= sent[reply] <= sent[name]:
            wrong.append(reply)
    for app in apps:
        count = sum(sent[message["name"]] for message in app["message"])
        print(f"{app['name']}: {len(app['message'])} messages, sent {count} times in {until} ms")
    if wrong:
        sys.exit(f"not as asked for: {', '.join(sorted(set(wrong)))}")


if __name__ == "__main__":
    main(*sys.argv[1:])
