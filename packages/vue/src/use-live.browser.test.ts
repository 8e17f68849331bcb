import { describeLiveAdapter, shout, type MountedLiveAdapter } from '@hayate/testing';
import { createApp, h, proxyRefs, ref } from 'vue';
import { hayate } from './engine';
import { useLive } from './use-live';
import { useTask } from './use-task';

describeLiveAdapter('Vue', (engine, firstModel, source) => {
  const model = ref(firstModel);
  let result: unknown;
  const app = createApp({
    setup() {
      const task = useTask(shout, () => ({ model: model.value }), { keepAliveMs: 20 });
      result = proxyRefs(useLive(task, source));
      return () => h('div');
    },
  });
  app.use(hayate(engine));
  app.mount(document.createElement('div'));
  return {
    result: () => result as ReturnType<MountedLiveAdapter['result']>,
    setModel: (next) => {
      model.value = next;
    },
    unmount: () => {
      app.unmount();
    },
  };
});
