import type { Timings } from '@hayate/core';
import { formatMs } from '../src/format';
import { stagesOf } from '../src/stages';

/** How long each stage of the run took, as a bar and in numbers. */
export function TimingsPanel({ timings }: { readonly timings: Timings | undefined }) {
  return (
    <section aria-labelledby="timings-title">
      <h2 id="timings-title">How long it took</h2>
      {timings === undefined ? (
        <p className="quiet">Measured with each photo.</p>
      ) : (
        <div
          data-testid="timings"
          data-send-ms={timings['send']}
          data-decode-ms={timings['decode']}
          data-copy-ms={timings['copy']}
          data-preprocess-ms={timings['preprocess']}
          data-inference-ms={timings['inference']}
          data-postprocess-ms={timings['postprocess']}
          data-total-ms={timings['total']}
        >
          <div className="stages" aria-hidden="true">
            {stagesOf(timings).map(({ key, share }) => (
              <span key={key} data-stage={key} style={{ '--share': share }} />
            ))}
          </div>
          <dl className="stage-list">
            {stagesOf(timings).map(({ key, title, ms }) => (
              <div key={key} data-stage={key}>
                <dt>{title}</dt>
                <dd className="figure">{formatMs(ms)}</dd>
              </div>
            ))}
            <div className="total">
              <dt>Total</dt>
              <dd className="figure">{formatMs(timings['total'] ?? 0)}</dd>
            </div>
          </dl>
        </div>
      )}
    </section>
  );
}
