"""Builds models/centernet."""

import shutil
import tempfile
from pathlib import Path

from .build_variants import BOTH, build_variants, read_photos
from .detect_objects import ObjectDetector, object_tensor
from .export_centernet import INPUT, export
from .labels import coco_labels
from .make_detection_references import make_object_references
from .measure_speed import time_ratio
from .package_centernet import describe, write_model_card
from .package_files import write_labels, write_manifest
from .verify_detector import compare

SHIPPED = BOTH


def build(out: Path, samples: Path) -> None:
    photos = read_photos(samples)
    labels = coco_labels()
    with tempfile.TemporaryDirectory() as work:
        fp32 = Path(work) / "fp32.onnx"
        export(fp32, Path(work))
        feeds = [{INPUT: object_tensor(photo)} for photo in photos.calibration]
        paths = build_variants(fp32, feeds, Path(work))
        shutil.copyfile(paths[SHIPPED], out / "model.onnx")
        detectors = {name: (path, ObjectDetector(path)) for name, path in paths.items()}
        variants = compare(detectors, photos.whole, photos.checked)
        ratio = time_ratio(paths[SHIPPED], fp32)
    write_labels(out, labels)
    write_manifest(out, describe(out))
    write_model_card(out, variants, SHIPPED, ratio)
    make_object_references(out / "model.onnx", labels, samples)
