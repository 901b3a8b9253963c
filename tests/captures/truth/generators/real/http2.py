"""Objects of an HTTP/2 connection (RFC 9113): a stream's HEADERS and DATA frames; server-sent events one by one."""
from hpack import Decoder

from real.http_object import HttpObject

PREFACE = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"
DATA, HEADERS, CONTINUATION = 0, 1, 9
END_STREAM, END_HEADERS, PADDED, PRIORITY = 0x01, 0x04, 0x08, 0x20
FRAME_HEADER_BYTES = 9
LONGEST_HEADERS = 1 << 20


def frames(data, at):
    """(start, end, body bytes, type, flags, stream id) of each frame; the last end may be cut."""
    while at + FRAME_HEADER_BYTES <= len(data):
        size, kind, flags = int.from_bytes(data[at:at + 3], "big"), data[at + 3], data[at + 4]
        id = int.from_bytes(data[at + 5:at + 9], "big") & 0x7FFFFFFF
        start, at = at, at + FRAME_HEADER_BYTES + size
        yield start, min(at, len(data)), size, kind, flags, id


def objects(data, up):
    """Of one direction, whose plaintext is `data`."""
    decoder, block = Decoder(LONGEST_HEADERS), b""
    streams, event_streams, events = {}, set(), []
    for start, end, size, kind, flags, id in frames(data, len(PREFACE) if up else 0):
        if kind not in (DATA, HEADERS, CONTINUATION):
            continue
        stream = streams.setdefault(id, HttpObject(f"s{id}", "request" if up else "response", 0, complete=False))
        if kind == DATA:
            stream.body_bytes += size
        else:
            block += header_block(data[start + FRAME_HEADER_BYTES:end], kind, flags)
            if flags & END_HEADERS:
                if is_event_stream(decoder.decode(block)):
                    event_streams.add(id)
                block = b""
        if kind != CONTINUATION and flags & END_STREAM:
            stream.complete = True
        if kind != DATA or id not in event_streams:
            stream.ranges.append((start, end))
        elif size:
            events.append(HttpObject(f"s{id}e{start}", "sse", size, [(start, end)]))
    return list(streams.values()) + events


def header_block(body, kind, flags):
    """The fragment of a HEADERS or CONTINUATION frame without padding and priority."""
    if kind == CONTINUATION:
        return body
    padding = body[0] if flags & PADDED else 0
    start = (1 if flags & PADDED else 0) + (5 if flags & PRIORITY else 0)
    return body[start:len(body) - padding]


def is_event_stream(fields):
    return any(name == "content-type" and "event-stream" in value for name, value in fields)
