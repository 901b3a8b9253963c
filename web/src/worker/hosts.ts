/**
 * What the ends of streams are called.
 *
 * In: addresses, names and streams as the module numbers them. Out: streams whose ends are numbers in one list of hosts. Guaranteed: a
 * server with a name is the same host for all of its addresses; one without is its address; a stream whose name came late
 * gets it when it ends.
 */

import type { StreamColumns, StreamEndColumns } from 'analyzer-wasm';
import { append, type StreamTable, type Tables } from './tables';

export class Hosts {
  private readonly tables: Tables;
  /** Places in `hosts` of addresses and names, by their numbers in the module. */
  private readonly ofAddress: number[] = [];
  private readonly ofName: number[] = [-1];
  /** Numbers in `applications`, by the number of the name. */
  private readonly applications: number[] = [0];

  constructor(tables: Tables) {
    this.tables = tables;
  }

  addAddresses(addresses: readonly string[]): void {
    for (const address of addresses) {
      this.ofAddress.push(this.tables.hosts.push(address) - 1);
    }
  }

  /** Names and their applications in turn. */
  addNames(texts: readonly string[]): void {
    const { hosts, applications } = this.tables;
    for (let at = 0; at < texts.length; at += 2) {
      this.ofName.push(hosts.push(texts[at] ?? '') - 1);
      const application = texts[at + 1] ?? '';
      const known = applications.indexOf(application);
      this.applications.push(known >= 0 ? known : applications.push(application) - 1);
    }
  }

  addStreams(batch: StreamColumns): void {
    const { name, ...columns } = batch;
    const address = (number: number): number => this.ofAddress[number] ?? 0;
    const serverAddress = columns.server.map(address);
    append(this.tables.streams, {
      ...columns,
      client: columns.client.map(address),
      server: serverAddress.map((host, row) => this.hostOf(name[row] ?? 0, host)),
      serverAddress,
      application: Uint16Array.from(name, (number) => this.applications[number] ?? 0),
    });
  }

  addStreamEnds(batch: StreamEndColumns): void {
    const { name, ...columns } = batch;
    const { streams, streamEnds } = this.tables;
    append(streamEnds, columns);
    for (const [row, number] of name.entries()) {
      this.rename(streams, columns.stream[row] ?? 0, number);
    }
  }

  private rename(streams: StreamTable, stream: number, name: number): void {
    streams.server[stream] = this.hostOf(name, streams.serverAddress[stream] ?? 0);
    streams.application[stream] = this.applications[name] ?? 0;
  }

  private hostOf(name: number, address: number): number {
    return name > 0 ? this.ofName[name] ?? address : address;
  }
}
