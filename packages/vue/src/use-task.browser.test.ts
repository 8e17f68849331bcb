import { createFakeEngine, describeAdapter, shout, type MountedAdapter } from '@hayate/testing';
import { expect, test, vi } from 'vitest';
import { createApp, h, proxyRefs, reactive, ref } from 'vue';
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

test('a reactive config that is changed in place loads the other model', async () => {
  const fake = createFakeEngine();
  const config = reactive({ model: 'a' });
  const app = createApp({
    setup() {
      useTask(shout, config);
      return () => h('div');
    },
  });
  app.use(hayate(fake.engine));
  app.mount(document.createElement('div'));
  await vi.waitFor(() => {
    expect(fake.models).toEqual(['a']);
  });
  config.model = 'b';
  await vi.waitFor(() => {
    expect(fake.models).toEqual(['a', 'b']);
  });
  app.unmount();
});
