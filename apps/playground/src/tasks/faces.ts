import { faceDetection } from '@hayate/vision/tasks/face-detection';
import { blazeface } from '@hayate/model-blazeface';
import { defineTaskPage, scoreControl } from '../task-page';

/** Where faces are in a photo. */
export const faces = defineTaskPage<typeof faceDetection>({
  path: 'faces',
  title: 'Faces',
  heading: 'Where are the faces?',
  lead: 'It finds faces and six points of each: eyes, nose, mouth and ears. It knows nobody, and nothing leaves this page.',
  contract: faceDetection,
  models: [blazeface],
  empty: 'The faces in the photo, surest first, each with the number of its box.',
  ranked: false,
  rowCount: 2,
  controls: [scoreControl(() => 0.5)],
  note: 'BlazeFace is made for faces near the camera. Small ones in a large picture it overlooks.',
  options({ scoreThreshold }) {
    return scoreThreshold === undefined ? {} : { scoreThreshold: Number(scoreThreshold) };
  },
  sentence(output) {
    if (output.length === 0) return 'No face reaches this score.';
    return output.length === 1 ? '1 face.' : `${output.length} faces.`;
  },
  rows: (output) =>
    output.map(({ box, keypoints, score }) => ({
      label: 'face',
      score,
      mark: { box, points: keypoints, tone: 0 },
    })),
});
