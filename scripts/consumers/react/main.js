import { efficientnetLite0 as model } from '@hayate/model-efficientnet-lite0';
import { EngineProvider, useClassifier } from '@hayate/react';
import { connectEngine } from '@hayate/worker';
import { createElement as h } from 'react';
import { createRoot } from 'react-dom/client';

const spawn = () => new Worker(new URL('./inference.worker.js', import.meta.url), { type: 'module' });

function Classifier() {
  const { output = [], error, run } = useClassifier({ model });
  const items = output.map(({ label }) => h('li', { key: label }, label));
  return h(
    'main',
    null,
    h('input', { type: 'file', onChange: (event) => run(event.target.files[0]) }),
    h('p', null, error?.message),
    items,
  );
}

createRoot(document.getElementById('app')).render(
  h(EngineProvider, { engine: connectEngine(spawn) }, h(Classifier)),
);
