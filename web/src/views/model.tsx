/**
 * The model of what is selected.
 *
 * In: groups, and the distributions of one. Out: choices, a figure with the fits over what was measured, a table of the fits, and
 * buttons that save. Guaranteed: the filter applies to all of it; what is shown is dimmed until it is that of the filter.
 */

import { useState } from 'preact/hooks';
import { Fits } from '../charts/fits';
import type { Kind } from '../charts/scales';
import { visible } from '../format';
import { GROUPINGS, VARIABLES, type Grouping, type ModelGroup, type Variable } from '../model';
import type { Direction } from '../protocol';
import { Choice, Field } from './controls';
import { FitTable } from './fit-table';
import { useMadeWith } from './made-with';
import { ModelExports } from './model-exports';
import { usePage, useShown } from './page';
import { useIsStale } from './stale';
import { useModel } from './use-model';

/** What each is written as, and what a value of an axis is in the unit of the fits. */
const KINDS: Readonly<Record<Variable, readonly [kind: Kind, scale: number]>> = {
  size_bytes: ['bytes', 1], duration_s: ['time', 1e-9], inter_arrival_s: ['time', 1e-9], think_time_s: ['time', 1e-9],
  objects_per_stream: ['count', 1],
};
/** The name that the module gives to what has no application. */
const UNKNOWN = 'unknown';

export function Model() {
  const { t } = usePage();
  const isReady = useShown((state) => state.finished !== null);
  return isReady ? <Groups /> : <p class="hint">{t('model.wait')}</p>;
}

function Groups() {
  const { t, format } = usePage();
  const onlyDirection = useShown((state) => state.filter.direction);
  const isNamed = useShown((state) => (state.overview?.knownApplications.length ?? 0) > 0);
  const [by, setBy] = useState<Grouping>(isNamed ? 'application' : 'server');
  const [wanted, setWanted] = useState<string | null>(null);
  const [wantedDirection, setDirection] = useState<Direction>('down');
  const [variable, setVariable] = useState<Variable>('size_bytes');
  const { model, reason, isBusy } = useModel(by, wanted);
  const stale = useIsStale() || isBusy;
  const note = useMadeWith();
  const direction = onlyDirection ?? wantedDirection;
  const nameOf = ({ key }: ModelGroup): string =>
    model?.by === 'all' ? t('model.by.all') : model?.by === 'application' && key === UNKNOWN ? t('application.unknown') : visible(key);
  const shown = model?.shown ?? null;
  const [kind, scale] = KINDS[variable];
  // A chosen group may stand behind those that are listed.
  const groups = model && shown && !model.groups.some(({ key }) => key === shown.key) ? [...model.groups, shown] : model?.groups ?? [];

  return (
    <div class="model" aria-busy={isBusy}>
      <div class="model-choices">
        <Field label={t('model.by')}>
          <select value={by} onChange={(event) => { setBy(event.currentTarget.value as Grouping); setWanted(null); }}>
            {GROUPINGS.map((one) => <option key={one} value={one}>{t(`model.by.${one}`)}</option>)}
          </select>
        </Field>
        {shown && model?.by !== 'all' && (
          <Field label={t('model.group')}>
            <select value={shown.key} onChange={(event) => setWanted(event.currentTarget.value)}>
              {groups.map((group) => (
                <option key={group.key} value={group.key}>
                  {t('model.groupOf', { name: nameOf(group), bytes: format.bytes(group.payloadBytes), n: group.objects })}
                </option>
              ))}
            </select>
          </Field>
        )}
        <Field label={t('model.variable')}>
          <select value={variable} onChange={(event) => setVariable(event.currentTarget.value as Variable)}>
            {VARIABLES.map((one) => <option key={one} value={one}>{t(`variable.${one}`)}</option>)}
          </select>
        </Field>
        {onlyDirection === undefined && (
          <Choice
            label={t('direction')} value={direction} onChange={setDirection}
            options={[['up', `▲ ${t('up')}`], ['down', `▼ ${t('down')}`]]}
          />
        )}
        <p role="status" class="quiet">{isBusy ? t('model.busy') : ''}</p>
      </div>
      {onlyDirection !== undefined && variable === 'think_time_s' && <p class="model-choices quiet">{t('model.oneDirection')}</p>}
      {model && model.groupCount > model.groups.length && (
        <p class="model-choices quiet">{t('model.cut', { some: model.groups.length, n: model.groupCount })}</p>
      )}
      {reason !== null && !isBusy && <p class="model-choices bad">{t('model.failed', { reason: visible(reason) })}</p>}
      {model && !shown && <p class="model-choices quiet">{t('table.empty')}</p>}
      {shown && (
        <>
          <Fits
            title={`${t(`variable.${variable}`)} · ${nameOf(shown)}`}
            name={variable} kind={kind} scale={scale} direction={direction} model={shown[direction][variable]} note={note}
            stale={stale} t={t} format={format}
          />
          <div class="model-side">
            <FitTable model={shown[direction][variable]} kind={kind} stale={stale} />
            <ModelExports by={by} />
          </div>
        </>
      )}
    </div>
  );
}
