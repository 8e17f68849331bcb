import { faceDetection } from '@hayate/vision/tasks/face-detection';
import { imageClassification } from '@hayate/vision/tasks/image-classification';
import { objectDetection } from '@hayate/vision/tasks/object-detection';
import { taskHook } from './use-task';

/** Image classification in a component: a picture in, the best labels out. */
export const useClassifier = /* @__PURE__ */ taskHook(imageClassification);

/** Object detection in a component: a picture in, its objects with labels and boxes out. */
export const useDetector = /* @__PURE__ */ taskHook(objectDetection);

/** Face detection in a component: a picture in, its faces with boxes and key points out. */
export const useFaceDetector = /* @__PURE__ */ taskHook(faceDetection);
