import type { Engine } from '@hayate/core';
import { createContext, createElement, useContext, type ReactNode } from 'react';

const EngineContext = createContext<Engine | undefined>(undefined);

/** Provides an engine to the hooks below it. The app owns the engine: unmounting does not dispose of it. */
export function EngineProvider(props: { readonly engine: Engine; readonly children?: ReactNode }): ReactNode {
  return createElement(EngineContext.Provider, { value: props.engine }, props.children);
}

/** Returns the engine of the nearest {@link EngineProvider}. Throws an Error if there is none. */
export function useEngine(): Engine {
  const engine = useContext(EngineContext);
  if (engine === undefined) {
    throw new Error('Hayate has no engine here: put <EngineProvider engine={engine}> around this component.');
  }
  return engine;
}
