import { useEffect } from 'react';
import type { App } from '../src/app';
import { cardActions, describeLoadedModels, modelCards, type ModelCard } from '../src/model-cards';
import { hashOf } from '../src/router';
import { OwnModelForm } from './own-model-form';
import { StoragePanel } from './storage-panel';
import { useStore } from './use-store';

/** All models: what each is, what is stored of it and whether it is loaded; and a form for a model of one's own. */
export function ModelsPage({ app }: { readonly app: App }) {
  const { engine, storedFiles, ownModels } = app;
  const own = useStore(ownModels);
  const stored = useStore(storedFiles);
  const models = useStore(engine.models);
  const { memoryBytes } = useStore(engine.health);
  useEffect(() => void storedFiles.refresh(), [storedFiles, models]);
  return (
    <div className="models">
      <section aria-labelledby="models-title">
        <h2 id="models-title" className="away">
          All models
        </h2>
        <p className="quiet" data-testid="held">
          {describeLoadedModels(models, memoryBytes)}
        </p>
        <ul className="cards">
          {modelCards(own, stored, models).map((card, at) => (
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
      data-kept={card.isStored}
      data-held={card.isLoaded}
    >
      <h3>{id}</h3>
      <dl>
        {card.facts.map(([term, text]) => (
          <div key={term}>
            <dt>{term}</dt>
            <dd>{text}</dd>
          </div>
        ))}
        <div>
          <dt>Browser</dt>
          <dd data-testid="kept">{card.stored}</dd>
        </div>
        <div>
          <dt>Engine</dt>
          <dd>{card.loaded}</dd>
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
        {card.isStored && (
          <label className="check">
            <input
              type="checkbox"
              data-testid="pin"
              checked={card.isPinned}
              onChange={({ target }) => void app.storedFiles.pin(model, target.checked)}
            />
            Keep when room is needed
            <span className="away">: {id}</span>
          </label>
        )}
        {cardActions(card, app).map(({ name, title, act }) => (
          <button key={name} type="button" className="plain" data-testid={name} onClick={act}>
            {title}
            <span className="away">: {id}</span>
          </button>
        ))}
      </p>
    </article>
  );
}
