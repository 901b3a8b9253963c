"""Raw captures and TLS key logs to truth captures: python -m real.truth RAW OUT

TLS records and QUIC packets are decrypted one by one, so that every HTTP/1.1 message, HTTP/2 stream, HTTP/3 stream,
WebSocket message and server-sent event is known as a range of *ciphertext* bytes of its direction. Handshakes, tickets,
SETTINGS, WINDOW_UPDATE, PING, PRIORITY, RST_STREAM and WebSocket control frames belong to no object.
RAW/NAME.objects.jsonl keeps every single object, before merging, for real.agreement.
"""
import argparse
import glob
import json
import os
from collections import Counter

from real import http1, http2, http3, tls13
from real.hosts import NAMES
from truth.groups import Single, merge, rows
from truth.recording import Recording
from wire import packet, stream

DIRECTIONS = ("down", "up")     # requests are merged as their responses are


class Conversion:
    """One capture: `rows` are its truth rows, `singles` its objects before merging."""

    def __init__(self, prefix):
        self.recording, self.keys = Recording(prefix + ".pcap"), tls13.read_keys(prefix + ".keys")
        self.rows, self.singles, self.notes = [], [], Counter()

    def run(self):
        for name in self.recording.streams():
            if packet.is_tcp(name):
                self.add_tcp(name)
            else:
                self.add_quic(name)

    def add_tcp(self, name):
        segments = {direction: self.recording.segments(name, direction) for direction in DIRECTIONS}
        content = {}
        for direction in DIRECTIONS:
            content[direction] = stream.reassemble(segments[direction], self.recording.payload)
            self.notes["bytes missing"] += len(content[direction]) - sum(s.new_bytes for s in segments[direction])
            self.recording.scrub_tcp(segments[direction], content[direction])
        plain = tls13.decrypt(content["up"], content["down"], self.keys)
        if plain is None:
            self.notes["TCP connections without keys"] += 1
            self.notes["their payload bytes"] += sum(len(one_way) for one_way in content.values())
            return
        plain = dict(zip(("up", "down"), plain))
        protocol, http = ("h2", http2) if plain["up"].data.startswith(http2.PREFACE) else ("h1", http1)
        singles = {}
        for direction in DIRECTIONS:
            singles[direction] = []
            for found in http.objects(bytes(plain[direction].data), direction == "up"):
                ranges = [plain[direction].payload_range(start, end) for start, end in found.ranges if end > start]
                if ranges:
                    single = Single(min(first for first, _ in ranges), max(last for _, last in ranges),
                                    sum(last - first for first, last in ranges), found.id, found.kind)
                    singles[direction].append(single)
                    self.note(name, direction, protocol, single, found.body_bytes, found.complete)
        self.add_rows(name, singles, segments)

    def add_quic(self, name):
        recording = self.recording
        segments = {direction: recording.segments(name, direction) for direction in DIRECTIONS}
        segment_of = {segment.frame: segment for direction in DIRECTIONS for segment in segments[direction]}
        datagrams = [(frame, recording.headers[frame].direction, bytes(recording.payload(frame))) for frame in sorted(segment_of)]
        streams, failures = http3.request_streams(datagrams, self.keys)
        self.notes["QUIC packets not decrypted"] += failures
        singles = {}
        for direction in DIRECTIONS:
            singles[direction] = []
            for id, found in streams[direction].items():
                own = [segment_of[frame] for frame in found.frames]
                if own:
                    single = Single(own[0].offset, own[-1].end, sum(segment.payload_bytes for segment in own), f"q{id}",
                                    "request" if direction == "up" else "response")
                    singles[direction].append(single)
                    self.note(name, direction, "h3", single, found.body_bytes(), found.finished)
            recording.scrub_udp(name, direction)
        self.add_rows(name, singles, segments)

    def note(self, name, direction, protocol, single, body_bytes, complete):
        self.singles.append(dict(single._asdict(), stream=name, dir=direction, protocol=protocol, body_bytes=body_bytes,
                                 complete=complete))

    def add_rows(self, name, singles, segments):
        response_group = {}
        for direction in DIRECTIONS:
            groups, group_of = merge(singles[direction], response_group)
            if direction == "down":
                response_group = group_of
            self.rows += rows(name, direction, NAMES[packet.server_number(name)], groups, segments[direction], self.recording.times)


def convert(prefix, base):
    conversion = Conversion(prefix)
    conversion.run()
    with open(prefix + ".objects.jsonl", "w") as file:
        for single in conversion.singles:
            file.write(json.dumps(single) + "\n")
    line = conversion.recording.write(base, conversion.rows)
    print(line, f"{len(conversion.singles):5d} single objects", dict(+conversion.notes))


def main():
    parser = argparse.ArgumentParser(description="Make truth captures of raw ones with key logs.")
    parser.add_argument("raw")
    parser.add_argument("out")
    arguments = parser.parse_args()
    os.makedirs(arguments.out, exist_ok=True)
    for path in sorted(glob.glob(f"{arguments.raw}/*.pcap")):
        name = os.path.basename(path).removesuffix(".pcap")
        convert(f"{arguments.raw}/{name}", f"{arguments.out}/{name}")


if __name__ == "__main__":
    main()
