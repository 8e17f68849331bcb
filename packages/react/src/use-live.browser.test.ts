import { describeLiveAdapter, shout } from '@hayate/testing';
import { createElement, StrictMode, useState } from 'react';
import { flushSync } from 'react-dom';
import { createRoot } from 'react-dom/client';
import { EngineProvider } from './engine';
import { useLive, type UseLiveResult } from './use-live';
import { useTask } from './use-task';

describeLiveAdapter('React, in strict mode', (engine, firstModel, source) => {
  let latest: UseLiveResult<typeof shout> | undefined;
  let setModel: (model: string) => void = () => undefined;
  function Probe() {
    const [model, set] = useState(firstModel);
    setModel = set;
    latest = useLive(useTask(shout, { model }, { keepAliveMs: 20 }), source);
    return null;
  }
  const root = createRoot(document.createElement('div'));
  flushSync(() => {
    root.render(
      createElement(StrictMode, null, createElement(EngineProvider, { engine }, createElement(Probe))),
    );
  });
  return {
    result: () => latest!,
    setModel: (model) => {
      flushSync(() => {
        setModel(model);
      });
    },
    unmount: () => {
      root.unmount();
    },
  };
});
