/**
 * The sending that is under way.
 *
 * In: results and where they go. Out: news of the latest sending. Guaranteed: a sending that another took the place of is
 * cancelled, and says nothing more.
 */

import type { Results } from 'analyzer-wasm';
import type { Destination, Reply } from '../protocol';
import { Shipment } from './sending';

/** Says something to the page, and hands some of it over. */
export type Say = (reply: Reply, transfer?: Transferable[]) => void;

export class Shipments {
  private readonly say: Say;
  private latest: Shipment | null = null;

  constructor(say: Say) {
    this.say = say;
  }

  begin(results: Results, destination: Destination, pseudonymKey: string | null): void {
    this.latest?.cancel();
    const shipment = new Shipment(results, destination, pseudonymKey, (sending) => {
      if (this.latest === shipment) {
        this.say({ type: 'sending', sending });
      }
    });
    this.latest = shipment;
    void shipment.run();
  }

  cancel(): void {
    this.latest?.cancel();
  }

  resume(): void {
    void this.latest?.resume();
  }

  refused(id: number): void {
    const blob = this.latest?.refusedDocuments() ?? new Blob();
    this.say({ type: 'exported', id, blob, fileName: 'refused.ndjson', records: 0 });
  }
}
