import type { Store } from '@hayate/core';
import type { EngineHealth } from '@hayate/worker';
import { useEffect, useState, useSyncExternalStore } from 'react';
import type { BackendWords } from '../src/backend-words';
import { backendChoices, type BackendChoice, type EngineChoice } from '../src/engine';
import { formatBytes } from '../src/format';
import { healthWords } from '../src/health-words';
import { measureMemory } from '../src/memory';
import { DoctorPanel } from './doctor-panel';

/** Where the model runs and why there, with the switch. */
export function BackendPanel(props: {
  readonly backend: BackendWords | undefined;
  readonly choice: EngineChoice;
  readonly health: Store<EngineHealth>;
  readonly onChoose: (backend: BackendChoice) => void;
  /** The memory is measured again with each new result. */
  readonly results: unknown;
}) {
  const { backend, choice, health, onChoose, results } = props;
  const fares = useSyncExternalStore(health.subscribe, health.getSnapshot);
  const memoryBytes = useMemory(results);
  return (
    <section aria-labelledby="backend-title">
      <h2 id="backend-title">Where it runs</h2>
      <fieldset className="switch">
        <legend>Backend</legend>
        {backendChoices.map((name) => (
          <label key={name}>
            <input
              type="radio"
              name="backend"
              value={name}
              data-testid={`backend-${name}`}
              checked={choice.backend === name}
              onChange={() => {
                onChoose(name);
              }}
            />
            <span>{name}</span>
          </label>
        ))}
      </fieldset>
      {backend === undefined ? (
        <p className="quiet">Told when the model is ready.</p>
      ) : (
        <div data-testid="backend" data-backend={backend.name} data-threads={backend.threads}>
          <p>
            <code>{backend.name}</code> {backend.where}
          </p>
          <ul className="reasons">
            {backend.reasons.map((reason) => (
              <li key={reason}>{reason}</li>
            ))}
          </ul>
        </div>
      )}
      <p className="quiet" data-testid="health" data-status={fares.status} data-crashes={fares.crashes}>
        {healthWords(fares)}
      </p>
      {memoryBytes !== undefined && (
        <p className="quiet" data-testid="memory">
          Memory of this page and its worker: <span className="figure">{formatBytes(memoryBytes)}</span>
        </p>
      )}
      <DoctorPanel />
    </section>
  );
}

function useMemory(results: unknown): number | undefined {
  const [bytes, setBytes] = useState<number>();
  useEffect(() => {
    if (results === undefined) return;
    let current = true;
    void measureMemory().then((measured) => {
      if (current) setBytes(measured);
    });
    return () => {
      current = false;
    };
  }, [results]);
  return bytes;
}
