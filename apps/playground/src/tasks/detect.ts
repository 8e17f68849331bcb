import { objectDetection } from '@hayate/vision/tasks/object-detection';
import { centernet } from '@hayate/model-centernet';
import { defineTaskPage, scoreControl } from '../task-page';

/** What is in a photo, and where. */
export const detect = defineTaskPage<typeof objectDetection>({
  path: 'detect',
  title: 'Detect',
  heading: 'What is where in this photo?',
  lead: 'Each thing it knows gets a box, a name and a score. The network runs on your device; nothing leaves this page.',
  contract: objectDetection,
  models: [centernet],
  empty: 'The objects in the photo, surest first, each with the number of its box.',
  ranked: false,
  rowCount: 4,
  controls: [
    scoreControl((layout) => ({ centernet: 0.3, detr: 0.5 })[layout] ?? 0.25),
    { kind: 'label', name: 'label', title: 'Only label', all: 'All labels' },
    {
      kind: 'range',
      name: 'maxDetections',
      title: 'At most',
      min: 1,
      max: 100,
      step: 1,
      initial: () => 100,
      format: String,
    },
  ],
  note: 'MB3-CenterNet knows the 80 kinds of things of the COCO photos, from persons to toothbrushes. What it has no word for, it passes over.',
  options({ scoreThreshold, label, maxDetections = 100 }) {
    return {
      maxDetections: Number(maxDetections),
      ...(scoreThreshold !== undefined && { scoreThreshold: Number(scoreThreshold) }),
      ...(label !== undefined && { classes: [String(label)] }),
    };
  },
  sentence(output) {
    if (output.length === 0) return 'No object reaches this score.';
    const counts = new Map<string, number>();
    for (const { label } of output) counts.set(label, (counts.get(label) ?? 0) + 1);
    const kinds = [...counts].map(([label, count]) => (count === 1 ? label : `${count} × ${label}`));
    return `${output.length === 1 ? '1 object' : `${output.length} objects`}: ${kinds.join(', ')}.`;
  },
  rows: (output) => output.map(({ box, index, ...row }) => ({ ...row, index, mark: { box, tone: index } })),
});
