"""Writes opencv-golden.json: the results of the detectors' own reference.py with pictures that OpenCV has resized.

Run: pip install -r ../../core-wasm/fixtures/requirements-opencv.txt && HAYATE_MODELS=… python make-opencv-golden.py
"""

import importlib.util
import json
import os
import pathlib
import sys

import cv2
import numpy
import onnxruntime
from PIL import Image

MODELS = pathlib.Path(os.environ["HAYATE_MODELS"])


def resize(image, width, height):
    return cv2.resize(image, (width, height), interpolation=cv2.INTER_LINEAR).astype(float)


def reference(folder):
    sys.path.insert(0, str(folder))
    spec = importlib.util.spec_from_file_location(folder.name.replace("-", "_"), folder / "reference.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    module.bilinear = resize
    return module


def detections(module, session, path):
    image = numpy.asarray(Image.open(path).convert("RGB"))
    height, width = image.shape[:2]
    tensor, letterbox = module.pre(image)
    found = module.post(module.out(module.infer(session, tensor)), letterbox, width, height)
    rounded = lambda number: round(number, 6)
    return [{**each, "score": rounded(each["score"]), "box": {side: rounded(at) for side, at in each["box"].items()}} for each in found]


def main():
    golden = {"opencv": cv2.__version__, "onnxruntime": onnxruntime.__version__, "models": {}}
    for name in ("mb3-centernet", "yolox-nano", "nanodet-g"):
        module = reference(MODELS / name)
        session = onnxruntime.InferenceSession(str(MODELS / name / module.MODELS[0]), module.so)
        pictures = sorted((MODELS / name / "images").iterdir())
        golden["models"][name] = {path.name: detections(module, session, path) for path in pictures}
    path = pathlib.Path(__file__).parent / "opencv-golden.json"
    path.write_text(json.dumps(golden, indent=1) + "\n")


main()
