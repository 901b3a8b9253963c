/**
 * The fits of a variable, as a table.
 *
 * In: fits and what they were made of. Out: a row for each family, with its parameters and how near it is. Guaranteed: the best
 * comes first; where there is no fit, the reason stands in its place.
 */

import { FamilySample } from '../charts/fits';
import type { Kind } from '../charts/scales';
import type { Format } from '../format';
import type { Translate } from '../i18n';
import { MIN_SAMPLES, type Fit, type VariableModel } from '../model';
import { usePage } from './page';

const NS_PER_SECOND = 1e9;

export function FitTable({ model, kind, stale }: { model: VariableModel; kind: Kind; stale: boolean }) {
  const { t, format } = usePage();
  const positive = model.n - model.zeros;
  return (
    <section class={stale ? 'fits stale' : 'fits'}>
      <h3>{t('fits')} {model.fits.length > 1 && <small class="quiet">{t('fits.best')}</small>}</h3>
      {model.fits.length === 0 ? <p>{whyNone(t, positive)}</p> : (
        <>
          <div class="wide-table" tabIndex={0} role="region" aria-label={t('fits')}>
            <table>
              <thead>
                <tr>
                  <th scope="col">{t('fits.family')}</th><th scope="col">{t('fits.parameters')}</th>
                  <th scope="col" class="number">KS</th><th scope="col" class="number minor">AD</th><th scope="col" class="number">AIC</th>
                </tr>
              </thead>
              <tbody>
                {model.fits.map((fit) => (
                  <tr key={fit.family}>
                    <th scope="row"><FamilySample family={fit.family} /> {t(`family.${fit.family}`)}</th>
                    <td>{parametersOf(t, format, kind, fit).map((line) => <div key={line}>{line}</div>)}</td>
                    <td class="number">{format.number(fit.ks)}</td>
                    <td class="number minor">{format.number(fit.ad)}</td>
                    <td class="number">{format.number(fit.aic)}</td>
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
          <p class="quiet">{t('fits.of', { n: positive, zeros: model.zeros })}</p>
          <p class="quiet">{t('fits.measures')}</p>
        </>
      )}
    </section>
  );
}

export const whyNone = (t: Translate, positive: number): string =>
  positive < MIN_SAMPLES ? t('fits.few', { n: positive, least: MIN_SAMPLES }) : t('fits.equal');

/** A line for each component. */
export function parametersOf(t: Translate, format: Format, kind: Kind, fit: Fit): string[] {
  const amount = (value: number): string =>
    kind === 'bytes' ? format.bytes(value) : kind === 'time' ? format.duration(value * NS_PER_SECOND) : format.number(value);
  const unit = t(kind === 'bytes' ? 'unit.byte' : kind === 'time' ? 'unit.s' : 'unit.object');
  const lognormal = (mu: number, sigma: number): string =>
    t('fit.lognormal', { mu: format.number(mu), sigma: format.number(sigma), unit });
  switch (fit.family) {
    case 'exponential': return [t('fit.exponential', { mean: amount(fit.mean) })];
    case 'lognormal': return [lognormal(fit.mu, fit.sigma)];
    case 'weibull': return [t('fit.weibull', { shape: format.number(fit.shape), scale: amount(fit.scale) })];
    case 'pareto': return [t('fit.pareto', { minimum: amount(fit.minimum), shape: format.number(fit.shape) })];
    case 'lognormal_mixture': return [
      `${format.share(fit.weight)} · ${lognormal(fit.mu[0], fit.sigma[0])}`,
      `${format.share(1 - fit.weight)} · ${lognormal(fit.mu[1], fit.sigma[1])}`,
    ];
  }
}
