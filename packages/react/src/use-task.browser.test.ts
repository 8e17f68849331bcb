import { describeAdapter, shout } from '@hayate/testing';
import { createElement, StrictMode, useState } from 'react';
import { flushSync } from 'react-dom';
import { createRoot } from 'react-dom/client';
import { EngineProvider } from './engine';
import { useTask, type UseTaskResult } from './use-task';

describeAdapter('React, in strict mode', (engine, { model: firstModel, ...options }) => {
  let latest: UseTaskResult<typeof shout> | undefined;
  let setModel: (model: string) => void = () => undefined;
  function Probe() {
    const [model, set] = useState(firstModel);
    setModel = set;
    latest = useTask(shout, { model }, options);
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
