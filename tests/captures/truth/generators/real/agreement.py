"""Compare the decrypted objects with the servers' access logs: python -m real.agreement RAW

Prints, per capture, the responses and body bytes of both and how many bodies have equal sizes. Event streams,
WebSockets and requests given up are not compared.
"""
import argparse
import glob
import json
import os
from collections import Counter

NOT_COMPARED = (101, 408, 499)
TOTALS = ("logged", "logged bytes", "decrypted", "decrypted bytes", "equal")


def logged_bodies(path, server):
    """Body sizes of the responses in an access log."""
    sizes = []
    with open(path) as file:
        for line in file:
            if server == "caddy":
                entry = json.loads(line)
                uri, status, size = entry["request"]["uri"], entry["status"], entry["size"]
            else:
                _, _, _, _, uri, status, size = line.split()
            if not uri.startswith(("/ws", "/api/events")) and int(status) not in NOT_COMPARED:
                sizes.append(int(size))
    return sizes


def compare(prefix):
    with open(prefix + ".scenario.json") as file:
        scenario = json.load(file)
    with open(prefix + ".objects.jsonl") as file:
        singles = [json.loads(line) for line in file]
    logged = logged_bodies(prefix + ".access.log", scenario["server"])
    responses = [single for single in singles if single["dir"] == "down" and single["kind"] == "response"]
    decrypted = [single["body_bytes"] for single in responses]
    equal = sum((Counter(logged) & Counter(decrypted)).values())
    kinds = Counter(single["kind"] for single in singles)
    totals = dict(zip(TOTALS, (len(logged), sum(logged), len(decrypted), sum(decrypted), equal)))
    print("%-18s %-6s %s" % (scenario["name"], scenario["server"], scenario["protocol"]), totals, "requests", kinds["request"],
          "unfinished", sum(not single["complete"] for single in responses), "WebSocket", kinds["ws"], "events", kinds["sse"])
    return Counter(totals)


def main():
    parser = argparse.ArgumentParser(description="Compare decrypted objects with access logs.")
    parser.add_argument("raw")
    raw = parser.parse_args().raw
    prefixes = sorted(path.removesuffix(".objects.jsonl") for path in glob.glob(f"{raw}/*.objects.jsonl"))
    print("all", dict(sum((compare(os.path.abspath(prefix)) for prefix in prefixes), Counter())))


if __name__ == "__main__":
    main()
