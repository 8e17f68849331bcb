import { useEffect, useState } from 'react';
import { backendWords } from '../src/backend-words';
import { backendChoices, type EngineChoice, type PageEngine } from '../src/engine';
import { formatBytes } from '../src/format';
import { healthWords } from '../src/health-words';
import { measureMemory } from '../src/memory';
import { DoctorPanel } from './doctor-panel';
import { useStore } from './use-store';

/** Where the models run and why there, with the switch; how the worker fares; what the page lacks. */
export function EnginePanel({
  engine,
  choice,
}: {
  readonly engine: PageEngine;
  readonly choice: EngineChoice;
}) {
  const held = useStore(engine.held);
  const fares = useStore(engine.health);
  const backend = backendWords(held, choice, crossOriginIsolated);
  const memoryBytes = useMemory(held);
  return (
    <section className="engine" aria-labelledby="backend-title">
      <h2 id="backend-title">Where it runs</h2>
      <div className="engine-parts">
        <div>
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
                  onChange={() => engine.choose(name)}
                />
                <span>{name}</span>
              </label>
            ))}
          </fieldset>
        </div>
        <div>
          {backend === undefined ? (
            <p className="quiet">Told when a model is ready.</p>
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
        </div>
        <DoctorPanel />
      </div>
    </section>
  );
}

/** Measured again whenever `held` is another object: after each load and each run. */
function useMemory(held: readonly unknown[]): number | undefined {
  const [bytes, setBytes] = useState<number>();
  useEffect(() => {
    if (held.length === 0) return;
    let current = true;
    void measureMemory().then((measured) => {
      if (current) setBytes(measured);
    });
    return () => {
      current = false;
    };
  }, [held]);
  return bytes;
}
