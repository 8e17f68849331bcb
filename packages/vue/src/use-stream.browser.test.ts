import { describeStreamAdapter, shout, type MountedStreamAdapter } from '@hayate/testing';
import { createApp, h, proxyRefs, ref } from 'vue';
import { hayate } from './engine';
import { useStream } from './use-stream';
import { useTask } from './use-task';

describeStreamAdapter('Vue', (engine, firstModel, source) => {
  const model = ref(firstModel);
  let result: unknown;
  const app = createApp({
    setup() {
      const task = useTask(shout, () => ({ model: model.value }), { keepAliveMs: 20 });
      result = proxyRefs(useStream(task, source));
      return () => h('div');
    },
  });
  app.use(hayate(engine));
  app.mount(document.createElement('div'));
  return {
    result: () => result as ReturnType<MountedStreamAdapter['result']>,
    setModel: (next) => {
      model.value = next;
    },
    unmount: () => {
      app.unmount();
    },
  };
});
