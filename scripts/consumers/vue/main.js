import { efficientnetLite0 as model } from '@hayate/model-efficientnet-lite0';
import { hayate, useClassifier } from '@hayate/vue';
import { connectEngine } from '@hayate/worker';
import { createApp, h } from 'vue';

const spawn = () => new Worker(new URL('./inference.worker.js', import.meta.url), { type: 'module' });

const Classifier = {
  setup() {
    const { output, error, run } = useClassifier({ model });
    const items = () => output.value?.map(({ label }) => h('li', label));
    const onChange = (event) => run(event.target.files[0]);
    return () => h('main', [h('input', { type: 'file', onChange }), h('p', error.value?.message), items()]);
  },
};

createApp(Classifier)
  .use(hayate(connectEngine(spawn)))
  .mount('#app');
