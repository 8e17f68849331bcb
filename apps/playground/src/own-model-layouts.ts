import type { ImagePreprocess } from '@hayate/vision/worker';

/** How a picture is resized to the graph's input. */
export const fits = {
  stretch: 'Stretched',
  crop: 'Centre crop of 7/8',
  yolo: 'Letterbox, centred',
  yolox: 'Letterbox, top left',
  mediapipe: 'Letterbox, as MediaPipe',
} as const;

/** How pixels become values. */
export const normalisations = {
  unit: 'From 0 to 1',
  signed: 'From −1 to 1',
  imagenet: 'ImageNet’s mean and deviation',
  bytes: 'From 0 to 255',
} as const;

/** Where the labels come from. */
export const labelKinds = {
  coco: 'COCO, 80',
  imagenet: 'ImageNet, 1,000',
  numbers: 'Plain numbers',
  lines: 'Pasted lines',
} as const;

/** How most models of a layout take their input: the first values of the form. */
export interface LayoutPreset {
  readonly task: string;
  readonly layout: string;
  readonly title: string;
  readonly side: number;
  readonly fit: keyof typeof fits;
  readonly tensor: ImagePreprocess['layout'];
  readonly channels: 'rgb' | 'bgr';
  readonly normalisation: keyof typeof normalisations;
  /** Undefined for a task without labels. */
  readonly labels?: keyof typeof labelKinds;
  /** The layout's parts, each with the usual names of its outputs; it may stay empty where there are none. */
  readonly parts?: Readonly<Record<string, string>>;
}

const detector = { task: 'object-detection', tensor: 'nchw', channels: 'rgb', labels: 'coco' } as const;

/** The output layouts of each task. */
export const layoutPresets: readonly LayoutPreset[] = [
  {
    task: 'image-classification',
    layout: 'logits',
    title: 'Logits, one for each label',
    side: 224,
    fit: 'crop',
    tensor: 'nchw',
    channels: 'rgb',
    normalisation: 'imagenet',
    labels: 'imagenet',
  },
  {
    ...detector,
    layout: 'yolov8',
    title: 'YOLOv8, YOLO11',
    side: 640,
    fit: 'yolo',
    normalisation: 'unit',
  },
  {
    ...detector,
    layout: 'yolox',
    title: 'YOLOX, before decoding',
    side: 416,
    fit: 'yolox',
    channels: 'bgr',
    normalisation: 'bytes',
  },
  {
    ...detector,
    layout: 'nanodet',
    title: 'NanoDet',
    side: 416,
    fit: 'yolo',
    channels: 'bgr',
    normalisation: 'imagenet',
    parts: { scores: '', distances: '' },
  },
  {
    ...detector,
    layout: 'centernet',
    title: 'CenterNet, decoded in the graph',
    side: 512,
    fit: 'stretch',
    tensor: 'nhwc',
    normalisation: 'bytes',
  },
  {
    ...detector,
    layout: 'detr',
    title: 'DETR, RT-DETR, YOLOS',
    side: 640,
    fit: 'stretch',
    normalisation: 'imagenet',
    parts: { logits: 'logits', boxes: 'pred_boxes' },
  },
  {
    task: 'face-detection',
    layout: 'blazeface',
    title: 'BlazeFace, 896 anchors',
    side: 128,
    fit: 'mediapipe',
    tensor: 'nhwc',
    channels: 'rgb',
    normalisation: 'signed',
    parts: { scores: 'Identity:0, Identity_1:0', boxes: 'Identity_2:0, Identity_3:0' },
  },
];
