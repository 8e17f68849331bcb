import { faceDetection } from '@hayate/vision/tasks/face-detection';
import { objectDetection } from '@hayate/vision/tasks/object-detection';
import { blazeface } from '@hayate/model-blazeface';
import { centernet } from '@hayate/model-centernet';

const openCv = {
  kind: 'image',
  filter: 'bilinear',
  numerics: 'opencv-linear',
  layout: 'nchw',
  channels: 'bgr',
};
const notShipped = { format: 1, task: 'object-detection', licence: 'not shipped', revision: '1' };

function local(name) {
  const { href } = new URL(`models/${name}.onnx`, document.baseURI);
  return { id: name, files: { model: { url: href } }, source: { name, url: href }, ...notShipped };
}

/** The models by the names that the recipes have; the manifests of those that are not shipped are made here. */
export const models = {
  blazeface: () => ({ contract: faceDetection, scene: 'faces', manifest: blazeface }),
  centernet: () => ({ contract: objectDetection, scene: 'objects', manifest: centernet }),
  async yolox() {
    const manifest = {
      ...local('yolox'),
      preprocess: {
        ...openCv,
        fit: { kind: 'letterbox', width: 416, height: 416, convention: 'yolox' },
        mean: [0, 0, 0],
        std: [1 / 255, 1 / 255, 1 / 255],
      },
      output: { layout: 'yolox', parameters: { scoreThreshold: 0.3 } },
      labels: await cocoLabels(),
    };
    return { contract: objectDetection, scene: 'objects', manifest };
  },
  async nanodet() {
    const manifest = {
      ...local('nanodet'),
      preprocess: {
        ...openCv,
        fit: { kind: 'letterbox', width: 416, height: 416, convention: 'yolo', pad: 0 },
        mean: [103.53 / 255, 116.28 / 255, 123.675 / 255],
        std: [57.375 / 255, 57.12 / 255, 58.395 / 255],
      },
      output: {
        layout: 'nanodet',
        parts: { scores: ['cls_8', 'cls_16', 'cls_32'], distances: ['reg_8', 'reg_16', 'reg_32'] },
        parameters: { regMax: 10, scoreThreshold: 0.35, iouThreshold: 0.6 },
      },
      labels: await cocoLabels(),
    };
    return { contract: objectDetection, scene: 'objects', manifest };
  },
};

const cocoLabels = async () => (await fetch(centernet.files.labels.url)).json();
