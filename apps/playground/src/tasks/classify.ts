import { imageClassification } from '@hayate/vision/tasks/image-classification';
import { efficientnetLite0 } from '@hayate/model-efficientnet-lite0';
import { formatScore } from '../format';
import { defineTaskPage } from '../task-page';

/** What is in a photo, in the five likeliest names. */
export const classify = defineTaskPage<typeof imageClassification>({
  path: 'classify',
  title: 'Classify',
  heading: 'What is in this photo?',
  lead: 'A small neural network looks at it on your device and says what it sees. Nothing leaves this page.',
  contract: imageClassification,
  models: [efficientnetLite0],
  empty: 'The five likeliest names for what is in the photo, best first.',
  ranked: true,
  rowCount: 5,
  controls: [],
  note: 'EfficientNet-Lite0 has names for 1,000 things and none for the rest. Every answer is one of them, so a low score often means “something else”.',
  options: () => ({ topK: 5 }),
  sentence([best]) {
    return best === undefined
      ? 'It has no name for this.'
      : `Most likely: ${best.label}, ${formatScore(best.score)}.`;
  },
  rows: (output) => output,
});
