"""Decrypt TLS 1.3 with a key log, record by record, so that plaintext positions map to payload offsets (RFC 8446)."""
import bisect
import struct
from collections import defaultdict
from typing import NamedTuple

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM, ChaCha20Poly1305
from cryptography.hazmat.primitives.kdf.hkdf import HKDFExpand

from wire import records

FINISHED, KEY_UPDATE = 20, 24
RANDOM = slice(11, 43)      # of a hello that begins the direction
HELLO_SESSION_AT = 43


class Suite(NamedTuple):
    hash: type
    hash_bytes: int
    key_bytes: int
    aead: type


SUITES = {0x1301: Suite(hashes.SHA256, 32, 16, AESGCM), 0x1302: Suite(hashes.SHA384, 48, 32, AESGCM),
          0x1303: Suite(hashes.SHA256, 32, 32, ChaCha20Poly1305)}


def read_keys(path):
    """{client random in hex: {label: secret}} of an NSS key log."""
    keys = defaultdict(dict)
    with open(path) as file:
        for line in file:
            words = line.split()
            if len(words) == 3 and not line.startswith("#"):
                keys[words[1]][words[0]] = bytes.fromhex(words[2])
    return keys


def expand(suite, secret, label, length):
    label = b"tls13 " + label
    return HKDFExpand(suite.hash(), length, struct.pack("!HB", length, len(label)) + label + b"\0").derive(secret)


class Key:
    def __init__(self, suite, secret):
        self.suite, self.secret, self.sequence = suite, secret, 0
        self.aead = suite.aead(expand(suite, secret, b"key", suite.key_bytes))
        self.iv = int.from_bytes(expand(suite, secret, b"iv", 12), "big")

    def decrypt(self, header, body):
        nonce = (self.iv ^ self.sequence).to_bytes(12, "big")
        self.sequence += 1
        return self.aead.decrypt(nonce, bytes(body), bytes(header))

    def updated(self):
        return Key(self.suite, expand(self.suite, self.secret, b"traffic upd", self.suite.hash_bytes))


class Plaintext:
    """The application data of one direction, and where its bytes stand in the payload."""

    def __init__(self):
        self.records, self.starts, self.data = [], [], bytearray()

    def append(self, record, data):
        self.records.append(record)
        self.starts.append(len(self.data))
        self.data += data

    def payload_range(self, start, end):
        """Payload offsets of plaintext start..end; the record's header goes with its first byte, its tag with its last."""
        first = bisect.bisect_right(self.starts, start) - 1
        last = bisect.bisect_right(self.starts, end - 1) - 1
        into, up_to = start - self.starts[first], end - self.starts[last]
        record_ends = end == (self.starts[last + 1] if last + 1 < len(self.starts) else len(self.data))
        return (self.records[first].body + into if into else self.records[first].offset,
                self.records[last].end if record_ends else self.records[last].body + up_to)


def decrypt(up, down, keys):
    """(Plaintext up, down) of the reassembled bytes of a connection; None without its keys."""
    if len(up) < 44 or up[0] != records.HANDSHAKE or len(down) < 50 or down[0] != records.HANDSHAKE:
        return None
    secrets = keys.get(bytes(up[RANDOM]).hex())
    at = HELLO_SESSION_AT + 1 + down[HELLO_SESSION_AT]
    suite = SUITES.get(int.from_bytes(down[at:at + 2], "big"))
    if secrets is None or suite is None:
        return None
    return tuple(decrypt_direction(content, Key(suite, secrets[side + "_HANDSHAKE_TRAFFIC_SECRET"]),
                                   Key(suite, secrets[side + "_TRAFFIC_SECRET_0"]))
                 for content, side in ((up, "CLIENT"), (down, "SERVER")))


def decrypt_direction(content, key, application_key):
    plaintext, handshake = Plaintext(), b""
    for record in records.walk(content):
        if record.kind != records.APPLICATION_DATA or record.end > len(content):
            continue
        try:
            inner = key.decrypt(content[record.offset:record.body], content[record.body:record.end]).rstrip(b"\0")
        except InvalidTag:
            print(f"   not decrypted from payload offset {record.offset} of {len(content)} on")
            break
        kind, data = inner[-1], inner[:-1]
        if kind == records.APPLICATION_DATA and data:
            plaintext.append(record, data)
        elif kind == records.HANDSHAKE:
            handshake += data
            messages, handshake = handshake_messages(handshake)
            for message in messages:
                if message == FINISHED:
                    key = application_key
                elif message == KEY_UPDATE:
                    key = key.updated()
    return plaintext


def handshake_messages(data):
    """Types of the complete messages, and the bytes left over."""
    kinds = []
    while len(data) >= 4 and len(data) >= 4 + int.from_bytes(data[1:4], "big"):
        kinds.append(data[0])
        data = data[4 + int.from_bytes(data[1:4], "big"):]
    return kinds, data
