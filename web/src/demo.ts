/**
 * The capture that explains the page.
 *
 * In: nothing. Out: a capture of the truth set, as a file that was dropped would be: 52 s of a browser that plays video, reads
 * news and a feed and chats, over 16 streams to 4 servers. Guaranteed: it comes from the page itself, and from no other place.
 */

import { embeddedBytes } from './embedded';
import address from 'demo-capture?url';

/** As in tests/captures/truth/real, so that the command line gives its results the same name. */
const NAME = 'mix-nginx-gso.pcap.gz';

export async function demoCapture(): Promise<File> {
  return new File([await embeddedBytes(address)], NAME, { type: 'application/gzip' });
}
