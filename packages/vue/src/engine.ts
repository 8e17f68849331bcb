import type { Engine } from '@hayate/core';
import { inject, provide, type InjectionKey, type Plugin } from 'vue';

const engineKey: InjectionKey<Engine> = Symbol('hayate.engine');

/** Returns a plugin that provides an engine to all components: `app.use(hayate(engine))`. The app owns the engine. */
export function hayate(engine: Engine): Plugin {
  return {
    install(app) {
      app.provide(engineKey, engine);
    },
  };
}

/** Provides an engine to the components below the one whose setup calls this. */
export function provideEngine(engine: Engine): void {
  provide(engineKey, engine);
}

/** Returns the engine of the app, or of the nearest component that provides one. Throws an Error if there is none. */
export function useEngine(): Engine {
  const engine = inject(engineKey, undefined);
  if (engine === undefined) {
    throw new Error('Hayate has no engine here: call app.use(hayate(engine)) before mounting.');
  }
  return engine;
}
