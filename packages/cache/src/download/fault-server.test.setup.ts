import type { ProvidedContext } from 'vitest';
import { startFaultServer } from './fault-server.test.helper';

declare module 'vitest' {
  interface ProvidedContext {
    /** Where the fault server is. */
    faultServer: string;
    /** How much the tests of the store do; see `vitest.config.ts`. */
    store: {
      readonly cutEvery: number;
      readonly cuts: number;
      readonly flips: number;
      readonly faultsEvery: number;
      readonly quotaEvery: number;
      readonly seed: number;
    };
  }
}

/** Starts the server for a project's tests, in browsers too. */
export default async function setup(project: {
  provide(key: 'faultServer', value: ProvidedContext['faultServer']): void;
}): Promise<() => void> {
  const server = await startFaultServer();
  project.provide('faultServer', server.url);
  return server.close;
}
