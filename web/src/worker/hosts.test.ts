/** Ends of streams: addresses, names, and names that come late. */

import { expect, test } from 'vitest';
import { Hosts } from './hosts';
import { emptyTables } from './tables';

const stream = (server: number, name: number) => ({
  id: Float64Array.of(server), transport: Uint8Array.of(0), client: Uint32Array.of(0), clientPort: Uint16Array.of(1),
  server: Uint32Array.of(server), serverPort: Uint16Array.of(443), name: Uint32Array.of(name),
});
const end = (row: number, name: number) => ({
  stream: Uint32Array.of(row), name: Uint32Array.of(name), nameSource: Uint8Array.of(1), startNs: Float64Array.of(0),
  durationNs: Float64Array.of(0), endReason: Uint8Array.of(0), clientRttNs: Float64Array.of(0), serverRttNs: Float64Array.of(0),
  objectsUp: Uint32Array.of(0), objectsDown: Uint32Array.of(0), payloadBytesUp: Float64Array.of(0),
  payloadBytesDown: Float64Array.of(0), packets: Float64Array.of(0),
});

test('a server is its name, at each of its addresses, or its address', () => {
  const tables = emptyTables();
  const hosts = new Hosts(tables);
  hosts.addAddresses(['10.0.0.1', '192.0.2.1']);
  hosts.addNames(['a.example', 'maps', 'b.example', '']);
  hosts.addStreams(stream(1, 1));
  hosts.addAddresses(['192.0.2.2']);
  hosts.addStreams(stream(2, 1));
  hosts.addStreams(stream(2, 0));
  hosts.addNames(['c.example', 'maps']);
  const shown = () => Array.from({ length: tables.streams.count }, (_, row) => [
    tables.hosts[tables.streams.client[row]!], tables.hosts[tables.streams.server[row]!],
    tables.hosts[tables.streams.serverAddress[row]!], tables.applications[tables.streams.application[row]!],
  ]);
  const named = [['10.0.0.1', 'a.example', '192.0.2.1', 'maps'], ['10.0.0.1', 'a.example', '192.0.2.2', 'maps']];
  expect(shown()).toEqual([...named, ['10.0.0.1', '192.0.2.2', '192.0.2.2', '']]);
  expect(tables.streams.server[0]).toBe(tables.streams.server[1]);
  // Its name came with a later packet than its first record.
  hosts.addStreamEnds(end(2, 3));
  expect(shown()).toEqual([...named, ['10.0.0.1', 'c.example', '192.0.2.2', 'maps']]);
  hosts.addStreamEnds(end(1, 2));
  expect(shown()[1]).toEqual(['10.0.0.1', 'b.example', '192.0.2.2', '']);
  expect([...tables.streamEnds.stream.subarray(0, 2)]).toEqual([2, 1]);
});
