/**
 * Data quality: what was read and what was not, and why.
 *
 * In: the manifest. Out: findings in words, an account in which every packet is once, how directions, names and methods
 * were told, the files, and what identifies the analysis. Guaranteed: all counters of the manifest are here; sums are shown with what
 * they must be.
 */

import type { ComponentChildren } from 'preact';
import { visible } from '../format';
import { keyOf, type Key } from '../i18n';
import type { Finished } from '../protocol';
import { faultInWords } from './faults';
import { findingsOf } from './findings';
import { LeftOut } from './notices';
import { usePage, useShown } from './page';

type Fact = readonly [label: ComponentChildren, value: ComponentChildren, kind?: string];

/** Names that are the same in every language, of the numbers that go with skips. */
const NAMES: Readonly<Record<string, string>> = {
  'not_ip 2054': 'ARP', 'not_ip 35020': 'LLDP', 'not_ip 34958': 'EAPOL', 'not_ip 66': 'STP', 'other_protocol 1': 'ICMP',
  'other_protocol 2': 'IGMP', 'other_protocol 58': 'ICMPv6', 'other_protocol 132': 'SCTP', 'other_protocol 50': 'ESP',
  'other_protocol 47': 'GRE', 'other_protocol 89': 'OSPF', 'other_protocol 103': 'PIM', 'other_protocol 112': 'VRRP',
};

export function Quality() {
  const { t } = usePage();
  const finished = useShown((state) => state.finished);
  return finished ? <Account finished={finished} /> : <p class="hint">{t('quality.wait')}</p>;
}

function Account({ finished }: { finished: Finished }) {
  const { t, format } = usePage();
  const { manifest, leftOut } = finished;
  const lost = useShown((state) => state.lost);
  const { counters } = manifest;
  const n = format.count;
  const named = (prefix: string, name: string) => {
    const key = keyOf(`${prefix}.${name}`);
    return key ? t(key) : visible(name);
  };
  const joined = counters.later_fragments - manifest.unmatched_fragments;
  const skips = manifest.skips.map(({ layer, reason, detail, packets, samples }): Fact => [
    <>
      {named('skip', reason)} <span class="quiet">
        {NAMES[`${reason} ${detail}`] ?? (detail > 0 ? `${detail} (0x${detail.toString(16)})` : '')} · {named('layer', layer)}
        {samples.length > 0 && ` · ${t('samples', { frames: samples.slice(0, 5).map(n).join(', ') })}`}
      </span>
    </>,
    n(packets), 'part',
  ]);
  const sumOther = manifest.skips.reduce((sum, { packets }) => sum + packets, 0) + joined;
  const sum = counters.tcp_packets + counters.udp_packets + counters.other_packets;
  const check = (is: number, must: number) => (is === must ? `✓ ${t('sum.right')}` : `✗ ${t('sum.wrong', { n: Math.abs(is - must) })}`);
  const findings = findingsOf(finished);
  const times = (at: string | null) => (at ? visible(at.replace('T', ' ').replace(/(\.\d{3})\d*/, '$1')) : '–');

  return (
    <div class="quality">
      <section class="findings">
        <h3>{t('quality.findings')}</h3>
        {findings.length === 0 && <p>✓ {t('quality.fine')}</p>}
        <ul>
          {findings.map(({ key, n, fault }) => (
            <li key={fault ? `${fault.file} ${fault.offset}` : key}>{fault ? faultInWords(t, format, fault) : t(key, { n })}</li>
          ))}
        </ul>
        <LeftOut names={leftOut} />
        <LeftOut names={lost} what="lost" />
      </section>

      <Facts title="quality.packets" facts={[
        ['TCP', n(counters.tcp_packets)],
        ['UDP', n(counters.udp_packets)],
        [t('other'), n(counters.other_packets)],
        ...skips,
        ...(joined > 0 ? [[t('joined'), n(joined), 'part'] as const] : []),
        ...(counters.other_packets > 0 ? [[check(sumOther, counters.other_packets), n(sumOther), 'part sum'] as const] : []),
        [`${t('sum.all')} · ${check(sum, counters.frames)}`, n(sum), 'sum'],
      ]} />
      <Facts title="quality.payload" facts={[
        ['TCP', format.bytes(counters.tcp_payload_bytes)],
        ['UDP', format.bytes(counters.udp_payload_bytes)],
        [t('truncated'), n(counters.truncated_frames)],
        [t('laterFragments'), n(counters.later_fragments)],
        [t('unmatched'), n(manifest.unmatched_fragments)],
        [t('filtered'), n(manifest.filtered_packets)],
        [t('clock'), n(manifest.non_monotonic_timestamps)],
        ...Object.entries(manifest.oddities).map(([kind, count]): Fact => [named('odd', kind), n(count)]),
        ...Object.entries(manifest.skipped_blocks).map(([type, count]): Fact => [t('block', { type: visible(type) }), n(count)]),
      ]} />
      <Facts title="quality.streams" facts={[
        ...Object.entries(manifest.records).map(([kind, count]): Fact => [named('kind', kind), n(count)]),
        [t('directed'), `${manifest.directed_streams_exact ? '' : '≤ '}${n(counters.directed_streams)}`],
        ...Object.entries(manifest.client_sources).map(([source, count]): Fact => [named('client', source), n(count), 'part']),
        ...Object.entries(manifest.name_sources).map(([source, count]): Fact => [named('named', source), n(count), 'part']),
        ...(manifest.names_left_out > 0 ? [[t('namesLeftOut'), n(manifest.names_left_out)] as const] : []),
        [t('reused'), n(manifest.reused_tuples)],
        [t('evicted'), n(manifest.evicted_streams)],
        [t('holes'), n(manifest.overflowed_holes)],
      ]} />
      <Facts title="quality.methods" facts={[
        ...Object.entries(manifest.methods_by_direction).map(([method, count]): Fact =>
          [<code>{visible(method)}</code>, t('directions', { n: count })]),
        ...Object.entries(manifest.options).map(([name, value]): Fact => [<code>{visible(name)}</code>, visible(value) || '–', 'part']),
      ]} />
      <Facts title="quality.identity" facts={[
        [t('status'), named('status', manifest.status)],
        [t('exact'), t(manifest.exact ? 'yes' : 'no')],
        [t('captureId'), <code>{visible(manifest.capture_id)}</code>],
        [t('analysisId'), <code>{visible(manifest.analysis_id)}</code>],
        [t('tool'), `${visible(manifest.tool)}, ${t('schema', { version: String(manifest.schema) })}`],
        [t('begin'), times(manifest.start)],
        [t('end'), times(manifest.end)],
        [t('overlaps'), n(manifest.recording.overlaps)],
        [t('betweenFiles'), format.duration(manifest.recording.longest_gap_ns)],
        [t('tookTime'), format.duration(finished.elapsedMs * 1e6)],
      ]} />
      <section class="files">
        <h3>{t('quality.files')}</h3>
        <table>
          <thead>
            <tr>
              <th scope="col">{t('file')}</th><th scope="col" class="number">{t('bytes')}</th><th scope="col" class="number">{t('packets.short')}</th>
              <th scope="col">{t('begin')}</th><th scope="col" class="minor">{t('end')}</th><th scope="col" class="minor">{t('fault.head')}</th>
            </tr>
          </thead>
          <tbody>
            {manifest.inputs.map((input, at) => (
              <tr key={at}>
                <th scope="row">{visible(input.name)}</th>
                <td class="number">{format.bytes(input.bytes)}</td><td class="number">{n(input.frames)}</td>
                <td>{times(input.start)}</td><td class="minor">{times(input.end)}</td>
                <td class={input.fault ? 'minor bad' : 'minor'}>
                  {input.fault ? t('fault.at', { offset: input.fault.offset }) : '✓'}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </section>
    </div>
  );

  function Facts({ title, facts }: { title: Key; facts: readonly Fact[] }) {
    return (
      <section>
        <h3>{t(title)}</h3>
        <dl>{facts.map(([label, value, kind], at) => <div key={at} class={kind}><dt>{label}</dt><dd>{value}</dd></div>)}</dl>
      </section>
    );
  }
}
