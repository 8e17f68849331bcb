import { useEffect } from 'react';
import type { App } from '../src/app';
import { heldWords, modelCards, type ModelCard } from '../src/model-cards';
import { hashOf } from '../src/router';
import { OwnModelForm } from './own-model-form';
import { StoragePanel } from './storage-panel';
import { useStore } from './use-store';

/** Every model: what it is, what is kept and loaded of it; and a form for one more. */
export function ModelsPage({ app }: { readonly app: App }) {
  const { engine, keptFiles, ownModels } = app;
  const own = useStore(ownModels);
  const kept = useStore(keptFiles);
  const held = useStore(engine.held);
  const { memoryBytes } = useStore(engine.health);
  useEffect(() => void keptFiles.look(), [keptFiles, held]);
  return (
    <div className="models">
      <section aria-labelledby="models-title">
        <h2 id="models-title" className="away">
          All models
        </h2>
        <p className="quiet" data-testid="held">
          {heldWords(held, memoryBytes)}
        </p>
        <ul className="cards">
          {modelCards(own, kept, held).map((card, at) => (
            <li key={at}>
              <Card card={card} app={app} />
            </li>
          ))}
        </ul>
      </section>
      <StoragePanel app={app} />
      <OwnModelForm form={app.ownModelForm} />
    </div>
  );
}

function Card({ card, app }: { readonly card: ModelCard; readonly app: App }) {
  const { model, id, page } = card;
  return (
    <article
      className="card"
      data-testid="model"
      data-id={id}
      data-kept={card.isKept}
      data-held={card.isHeld}
    >
      <h3>{id}</h3>
      <dl>
        {card.facts.map(([term, words]) => (
          <div key={term}>
            <dt>{term}</dt>
            <dd>{words}</dd>
          </div>
        ))}
        <div>
          <dt>Browser</dt>
          <dd data-testid="kept">{card.kept}</dd>
        </div>
        <div>
          <dt>Engine</dt>
          <dd>{card.held}</dd>
        </div>
      </dl>
      <p className="card-actions">
        {page !== undefined && (
          <a
            href={hashOf(page.path)}
            onClick={() => {
              app.sessionOf(page).choose(model);
            }}
          >
            {page.title}
          </a>
        )}
        {card.sourceUrl !== undefined && <a href={card.sourceUrl}>Where it is from</a>}
        {card.isKept && (
          <label className="check">
            <input
              type="checkbox"
              data-testid="pin"
              checked={card.isPinned}
              onChange={({ target }) => void app.keptFiles.pin(model, target.checked)}
            />
            Keep when room is needed
            <span className="away">: {id}</span>
          </label>
        )}
        {card.isKept && (
          <button
            type="button"
            className="plain"
            data-testid="verify-kept"
            onClick={() => void app.keptFiles.verify(model)}
          >
            Check
            <span className="away">: {id}</span>
          </button>
        )}
        {card.isKept && (
          <button
            type="button"
            className="plain"
            data-testid="remove-kept"
            onClick={() => void app.keptFiles.remove(model)}
          >
            Remove from the browser
            <span className="away">: {id}</span>
          </button>
        )}
        {card.isOwn && (
          <button
            type="button"
            className="plain"
            data-testid="remove-own"
            onClick={() => app.removeModel(model)}
          >
            Remove from this page
            <span className="away">: {id}</span>
          </button>
        )}
      </p>
    </article>
  );
}
