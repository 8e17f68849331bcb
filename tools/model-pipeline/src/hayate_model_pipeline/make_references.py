"""Golden results: Pillow and ONNX Runtime on the committed int8 model."""

import json
from pathlib import Path

from PIL import UnidentifiedImageError

from .classify import Classifier, softmax, top
from .preprocess import EFFICIENTNET_LITE0, crop_offset, open_photo, preprocess, resized_size

TENSOR_OF = "chelsea.png"
TENSOR_FILE = "reference-chelsea.f32"
INEXACT = {
    "rocket.jpg": "Adobe RGB profile: browsers convert it, the reference ignores it",
    "edge/cmyk.jpg": "browsers convert CMYK by other formulas than Pillow",
    "edge/alpha.png": "alpha is ignored; a decoder that premultiplies loses colours",
}


def make_references(model: Path, labels: list[str], samples: Path) -> None:
    classifier = Classifier(model)
    photos = sorted(
        path.relative_to(samples).as_posix()
        for path in (*samples.glob("*"), *samples.glob("edge/*"))
        if path.suffix in (".png", ".jpg")
    )
    document = {
        "model": "efficientnet-lite0",
        "tensor": {"of": TENSOR_OF, "file": TENSOR_FILE, "shape": [1, 3, 224, 224]},
        "files": {name: _reference(classifier, labels, samples, name) for name in photos},
    }
    text = json.dumps(document, indent=2, ensure_ascii=False)
    (samples / "references.json").write_text(text + "\n", "utf-8")
    tensor = preprocess(open_photo(samples / TENSOR_OF)).astype("<f4")
    (samples / TENSOR_FILE).write_bytes(tensor.tobytes())


def _reference(
    classifier: Classifier, labels: list[str], samples: Path, name: str
) -> dict[str, object]:
    try:
        photo = open_photo(samples / name)
    except UnidentifiedImageError:
        return {"error": "not an image"}
    recipe = EFFICIENTNET_LITE0
    size = resized_size(*photo.size, recipe.shorter_side)
    logits = classifier.logits(preprocess(photo))[0]
    scores = softmax(logits)
    reference: dict[str, object] = {
        "size": list(photo.size),
        "resized": list(size),
        "cropOffset": [crop_offset(side, recipe.crop) for side in size],
        "exact": name not in INEXACT,
        "top5": [
            {"index": int(i), "label": labels[i], "score": round(float(scores[i]), 6)}
            for i in top(logits, 5)
        ],
    }
    if name in INEXACT:
        reference["note"] = INEXACT[name]
    return reference
