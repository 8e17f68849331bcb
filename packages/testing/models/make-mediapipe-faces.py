"""Writes mediapipe-faces.json: the faces that MediaPipe's own face detection finds in pictures made from the samples.

Run: pip install -r ../../core-wasm/fixtures/requirements-faces.txt && python make-mediapipe-faces.py

Each picture is a crop [x, y, width, height] of a sample. Every `step`th pixel of it is taken and repeated `repeat` times
in both directions; the whole is repeated `tiles` times side by side. All are whole numbers, so that tests in other
languages can make the same picture. MediaPipe's fractions of the picture are converted to its pixels.
"""

import json
from pathlib import Path

import mediapipe
import numpy as np
from PIL import Image

HERE = Path(__file__).parent
SAMPLES = HERE.parent.parent.parent / "samples"
ASTRONAUT = "astronaut.png"
PICTURES = {
    "whole": {"file": ASTRONAUT, "crop": [0, 0, 512, 512]},
    "portrait": {"file": ASTRONAUT, "crop": [130, 0, 200, 400]},
    "landscape": {"file": ASTRONAUT, "crop": [0, 40, 512, 220]},
    "odd sides": {"file": ASTRONAUT, "crop": [101, 13, 307, 411]},
    "two faces": {"file": ASTRONAUT, "crop": [120, 20, 230, 260], "tiles": 2},
    "two people": {"file": "faces/two-faces.png", "crop": [0, 0, 360, 240]},
    "a face at the edge": {"file": ASTRONAUT, "crop": [210, 20, 290, 290]},
    "64x64": {"file": ASTRONAUT, "crop": [96, 10, 256, 256], "step": 4},
    "4000x3000": {"file": ASTRONAUT, "crop": [12, 0, 500, 375], "repeat": 8},
    "no face": {"file": "coffee.png", "crop": [0, 0, 600, 400]},
    "a cat": {"file": "chelsea.png", "crop": [0, 0, 451, 300]},
}


def picture(file, crop, step=1, repeat=1, tiles=1):
    x, y, width, height = crop
    pixels = np.asarray(Image.open(SAMPLES / file).convert("RGB"))[y : y + height, x : x + width]
    pixels = pixels[::step, ::step].repeat(repeat, 0).repeat(repeat, 1)
    return np.ascontiguousarray(np.tile(pixels, (1, tiles, 1)))


faces = {}
for name, recipe in PICTURES.items():
    image = picture(**recipe)
    height, width = image.shape[:2]
    with mediapipe.solutions.face_detection.FaceDetection(model_selection=0, min_detection_confidence=0.5) as solution:
        found = solution.process(image).detections or []
    faces[name] = {**recipe, "width": width, "height": height, "faces": []}
    for face in found:
        box = face.location_data.relative_bounding_box
        points = face.location_data.relative_keypoints
        faces[name]["faces"].append(
            {
                "score": face.score[0],
                "box": [box.xmin * width, box.ymin * height, box.width * width, box.height * height],
                "keypoints": [[point.x * width, point.y * height] for point in points],
            }
        )
    print(name, width, height, [(round(each["score"], 4), np.round(each["box"], 1).tolist()) for each in faces[name]["faces"]])
text = json.dumps({"mediapipe": mediapipe.__version__, "pictures": faces}, indent=1)
(HERE / "mediapipe-faces.json").write_text(text + "\n")
