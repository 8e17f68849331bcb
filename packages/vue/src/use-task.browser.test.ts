import { describeAdapter, shout, type MountedAdapter } from '@hayate/testing';
import { createApp, h, proxyRefs, ref } from 'vue';
import { hayate } from './engine';
import { useTask } from './use-task';

describeAdapter('Vue', (engine, { model: firstModel, ...options }) => {
  const model = ref(firstModel);
  let result: unknown;
  const app = createApp({
    setup() {
      result = proxyRefs(useTask(shout, () => ({ model: model.value }), options));
      return () => h('div');
    },
  });
  app.use(hayate(engine));
  app.mount(document.createElement('div'));
  return {
    result: () => result as ReturnType<MountedAdapter['result']>,
    setModel: (next) => {
      model.value = next;
    },
    unmount: () => {
      app.unmount();
    },
  };
});
