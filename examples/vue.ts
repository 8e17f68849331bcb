import { efficientnetLite0 as model } from '@hayate/model-efficientnet-lite0';
import { useClassifier } from '@hayate/vue';
import { defineComponent, h } from 'vue';

/** Vue: shows the labels of a chosen photo. The app needs `app.use(hayate(engine))`. */
export const Classifier = defineComponent(() => {
  const { output, error, run } = useClassifier({ model });
  const onChange = ({ target }: Event) => {
    const [photo] = (target as HTMLInputElement).files ?? [];
    if (photo) void run(photo);
  };
  const items = () => output.value?.map(({ label }) => h('li', label));
  return () => [h('input', { type: 'file', onChange }), error.value?.message, h('ol', items())];
});
