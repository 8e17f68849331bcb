import type { App } from '../src/app';
import { storageView } from '../src/storage-view';
import { useStore } from './use-store';

/** What the browser stores of this site, as a bar and in numbers, and actions on it. */
export function StoragePanel({ app }: { readonly app: App }) {
  const { storedFiles } = app;
  const state = useStore(storedFiles);
  const view = storageView(state, useStore(app.ownModels));
  return (
    <section className="storage" aria-labelledby="storage-title" data-testid="storage">
      <h2 id="storage-title">What this browser keeps</h2>
      {view === undefined ? (
        <p className="quiet">{state.refused ?? 'Looking'}</p>
      ) : (
        <>
          {view.parts.length > 0 && (
            <div className="stages" aria-hidden="true">
              {view.parts.map(({ key, share, tone }) => (
                <span key={key} data-tone={tone} style={{ '--share': share }} />
              ))}
            </div>
          )}
          <dl className="stage-list">
            {view.parts.map(({ key, title, size, tone }) => (
              <div key={key} data-tone={tone} data-testid="storage-part" data-part={key}>
                <dt>{title}</dt>
                <dd className="figure">{size}</dd>
              </div>
            ))}
            <div className="total">
              <dt>In all</dt>
              <dd className="figure" data-testid="storage-total">
                {view.total}
              </dd>
            </div>
          </dl>
          <p className="quiet">{view.room}</p>
          <p className="card-actions">
            {view.actions.map(({ id, title, act }) => (
              <button
                key={id}
                type="button"
                className="plain"
                data-testid={`storage-${id}`}
                disabled={state.job !== undefined}
                onClick={() => void act(storedFiles)}
              >
                {title}
              </button>
            ))}
          </p>
          {state.job !== undefined && (
            <div className="progress">
              <progress max={1} aria-label={state.job.text} value={state.job.fraction} />
              <span className="figure" data-testid="storage-job">
                {state.job.text}
              </span>
              <button type="button" className="plain" onClick={() => storedFiles.cancel()}>
                Stop
              </button>
            </div>
          )}
          <p role="status" data-testid="storage-outcome">
            {state.outcome}
          </p>
        </>
      )}
    </section>
  );
}
