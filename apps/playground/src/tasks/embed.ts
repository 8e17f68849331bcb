import { imageFeatureExtraction } from '@hayate/vision/tasks/image-feature-extraction';
import { defineTaskPage } from '../task-page';

const folder = '../../../../packages/vision/src/tasks/image-feature-extraction';

/** The vector of a photo. */
export const embed = defineTaskPage<typeof imageFeatureExtraction>({
  path: 'embed',
  title: 'Embed',
  heading: 'Which vector does this photo have?',
  lead: 'Pictures that are alike have vectors that are near each other. Nothing leaves this page.',
  contract: imageFeatureExtraction,
  models: [
    {
      format: 1,
      id: 'tiny-embedder',
      task: 'image-feature-extraction',
      files: { model: { url: `${folder}/tiny-embedder.test.onnx` } },
      preprocess: {
        kind: 'image',
        fit: { kind: 'stretch', width: 32, height: 32 },
        filter: 'bilinear',
        layout: 'nchw',
        mean: [0.5, 0.5, 0.5],
        std: [0.5, 0.5, 0.5],
      },
      output: { layout: 'embedding' },
      licence: 'MIT',
      source: { name: 'tiny', url: folder },
      revision: '1',
    },
  ],
  empty: 'The numbers of the vector.',
  ranked: false,
  rowCount: 16,
  controls: [],
  note: 'A model of two kilobytes with random weights.',
  options: () => ({}),
  sentence: (output) => `A vector of ${output.length} numbers.`,
  rows: (output) => Array.from(output, (score, index) => ({ label: `number ${index}`, index, score })),
});
