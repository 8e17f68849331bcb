"""Golden detections: the Python references on the models as they are shipped."""

import json
from pathlib import Path

import numpy as np
from PIL import Image

from .detect_faces import SIDE as FACE_SIDE
from .detect_faces import FaceDetector, decode_faces
from .detect_objects import SIDE as OBJECT_SIDE
from .detect_objects import ObjectDetector, decode_objects
from .detection import Detection
from .make_picture import Recipe, make_picture
from .preprocess import open_photo

ASTRONAUT, CHELSEA, COFFEE, ROCKET = "astronaut.png", "chelsea.png", "coffee.png", "rocket.png"
TWO_FACES = "faces/two-faces.png"
FOLDER = "tensors"

OBJECT_PICTURES = {
    "a person": Recipe(ASTRONAUT, (0, 0, 512, 512)),
    "a cat": Recipe(CHELSEA, (0, 0, 451, 300)),
    "a cup on a table": Recipe(COFFEE, (0, 0, 600, 400)),
    "two cups": Recipe(COFFEE, (100, 0, 350, 400), tiles=2),
    "two people": Recipe(TWO_FACES, (0, 0, 360, 240)),
    "no object": Recipe(ROCKET, (400, 0, 240, 200)),
    "a person at the edge": Recipe(ASTRONAUT, (210, 20, 290, 290)),
    "portrait": Recipe(ASTRONAUT, (130, 0, 200, 400)),
    "landscape": Recipe(ASTRONAUT, (0, 40, 512, 220)),
    "odd sides": Recipe(COFFEE, (101, 13, 407, 311)),
    "64x64": Recipe(ASTRONAUT, (96, 10, 256, 256), step=4),
    "4000x3000": Recipe(ASTRONAUT, (0, 100, 500, 375), repeat=8),
}
FACE_PICTURES = {
    "a face": Recipe(ASTRONAUT, (0, 0, 512, 512)),
    "two faces": Recipe(TWO_FACES, (0, 0, 360, 240)),
    "no face": Recipe(COFFEE, (0, 0, 600, 400)),
    "a cat": Recipe(CHELSEA, (0, 0, 451, 300)),
    "a face at the edge": Recipe(ASTRONAUT, (210, 20, 290, 290)),
    "portrait": Recipe(ASTRONAUT, (130, 0, 200, 400)),
    "landscape": Recipe(ASTRONAUT, (0, 40, 512, 220)),
    "odd sides": Recipe(ASTRONAUT, (101, 13, 307, 411)),
    "64x64": Recipe(ASTRONAUT, (96, 10, 256, 256), step=4),
    "4000x3000": Recipe(ASTRONAUT, (12, 0, 500, 375), repeat=8),
}
# Six boxes of which three are left, and two faces of several boxes each.
OBJECT_TENSOR, FACE_TENSOR = "two cups", "two faces"


def make_object_references(model: Path, labels: list[str], samples: Path) -> None:
    detector = ObjectDetector(model)
    pictures: dict[str, object] = {}
    for name, recipe in OBJECT_PICTURES.items():
        picture = _picture(samples, recipe)
        outputs = detector.outputs(detector.tensor(picture))
        rows = outputs[detector.output][0]
        objects = [_object(each, labels) for each in decode_objects(rows, *picture.size)]
        pictures[name] = {**_entry(recipe, picture), "objects": objects}
        if name == OBJECT_TENSOR:
            stored = _store(samples, "centernet", outputs)
    fed = {"name": detector.input, "shape": [1, OBJECT_SIDE, OBJECT_SIDE, 3]}
    tensors = {"of": OBJECT_TENSOR, "input": fed, "outputs": stored}
    _write(samples / "detections.json", "centernet", pictures, tensors)


def make_face_references(model: Path, samples: Path) -> None:
    detector = FaceDetector(model)
    pictures: dict[str, object] = {}
    for name, recipe in FACE_PICTURES.items():
        picture = _picture(samples, recipe)
        outputs = detector.outputs(detector.tensor(picture))
        faces = [_face(each) for each in decode_faces(outputs, *picture.size)]
        pictures[name] = {**_entry(recipe, picture), "faces": faces}
        if name == FACE_TENSOR:
            stored = _store(samples, "blazeface", outputs)
    fed = {"name": detector.input, "shape": [1, FACE_SIDE, FACE_SIDE, 3]}
    tensors = {"of": FACE_TENSOR, "input": fed, "outputs": stored}
    _write(samples / "faces.json", "blazeface", pictures, tensors)


def _picture(samples: Path, recipe: Recipe) -> Image.Image:
    return make_picture(open_photo(samples / recipe.file), recipe)


def _entry(recipe: Recipe, picture: Image.Image) -> dict[str, object]:
    return {**recipe.entry(), "width": picture.width, "height": picture.height}


def _object(found: Detection, labels: list[str]) -> dict[str, object]:
    return {
        "class_id": found.index,
        "label": labels[found.index],
        "score": round(found.score, 6),
        "box": dict(zip(("x1", "y1", "x2", "y2"), _rounded(found.box), strict=True)),
    }


def _face(found: Detection) -> dict[str, object]:
    left, top, right, bottom = found.box
    return {
        "score": round(found.score, 6),
        "box": _rounded([left, top, right - left, bottom - top]),
        "keypoints": [_rounded(point) for point in found.keypoints],
    }


def _rounded(numbers) -> list[float]:
    return [round(float(number), 3) for number in numbers]


def _store(samples: Path, model: str, outputs: dict[str, np.ndarray]) -> dict[str, object]:
    """One file of float32, little-endian, for each output."""
    (samples / FOLDER).mkdir(exist_ok=True)
    stored = {}
    for number, (name, values) in enumerate(outputs.items()):
        file = f"{FOLDER}/{model}-{number}.f32"
        (samples / file).write_bytes(values.astype("<f4").tobytes())
        stored[name] = {"file": file, "shape": list(values.shape)}
    return stored


def _write(path: Path, model: str, pictures: dict, tensors: dict) -> None:
    document = {"model": model, "tensors": tensors, "pictures": pictures}
    path.write_text(json.dumps(document, indent=1, ensure_ascii=False) + "\n", "utf-8")
