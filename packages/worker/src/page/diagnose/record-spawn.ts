import { absolute } from './ask';

/** A `spawn` that records the worker that it created. */
export interface SpawnRecord {
  readonly spawn: () => Worker;
  readonly workers: readonly Worker[];
  /** The script's absolute address, if the worker was made by `new Worker`. */
  url(): string | undefined;
}

/**
 * Wraps `spawn`. A `Worker` object does not have its script's address, and browsers do not say why a script was refused.
 * So the class `Worker` is wrapped while `spawn` runs; no other code runs meanwhile.
 */
export function recordSpawn(spawn: () => Worker): SpawnRecord {
  const workers: Worker[] = [];
  let url: string | undefined;
  return {
    workers,
    url: () => url,
    spawn() {
      const real = globalThis.Worker;
      const wrapped = new Proxy(real, {
        construct(target, parameters: ConstructorParameters<typeof Worker>, caller) {
          url = absolute(String(parameters[0]));
          return Reflect.construct(target, parameters, caller) as Worker;
        },
      });
      // If `Worker` cannot be replaced, the address stays unknown.
      const replaced = Reflect.set(globalThis, 'Worker', wrapped);
      try {
        const worker = spawn();
        workers.push(worker);
        return worker;
      } finally {
        if (replaced) globalThis.Worker = real;
      }
    },
  };
}
