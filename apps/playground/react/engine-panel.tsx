import { useEffect, useState } from 'react';
import { describeBackend } from '../src/describe-backend';
import { backendChoices, type EngineChoice, type PageEngine } from '../src/engine';
import { formatBytes } from '../src/format';
import { describeHealth } from '../src/describe-health';
import { measureMemory } from '../src/memory';
import { DoctorPanel } from './doctor-panel';
import { useStore } from './use-store';

/** Where the models run and why, with the switch; the state of the worker; what the page lacks. */
export function EnginePanel(props: {
  readonly engine: PageEngine;
  readonly choice: EngineChoice;
  /** The task of the page. */
  readonly task: string | undefined;
}) {
  const { engine, choice, task } = props;
  const models = useStore(engine.models);
  const health = useStore(engine.health);
  const backend = describeBackend(models, task, choice, crossOriginIsolated);
  const memoryBytes = useMemory(models, health.memoryBytes);
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
          <p className="quiet" data-testid="health" data-status={health.status} data-crashes={health.crashes}>
            {describeHealth(health)}
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

/** Measured again when the list of models changes, and when the WebAssembly memory of the worker has grown. */
function useMemory(models: readonly unknown[], wasmBytes: number): number | undefined {
  const [bytes, setBytes] = useState<number>();
  useEffect(() => {
    if (models.length === 0) return;
    let current = true;
    void measureMemory().then((measured) => {
      if (current) setBytes(measured);
    });
    return () => {
      current = false;
    };
  }, [models, wasmBytes]);
  return bytes;
}
