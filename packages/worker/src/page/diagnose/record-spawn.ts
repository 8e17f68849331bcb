import { absolute } from './ask';

/** A `spawn` that remembers what it made. */
export interface SpawnRecord {
  readonly spawn: () => Worker;
  readonly workers: readonly Worker[];
  /** The script's absolute address, if the worker was made by `new Worker`. */
  url(): string | undefined;
}

/**
 * Wraps `spawn`. A worker does not tell its address, and no browser tells the page why a script was refused;
 * so `Worker` is wrapped for as long as `spawn` runs, in which nobody else can see it.
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
      // Where it may not be replaced, the address stays unknown.
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
