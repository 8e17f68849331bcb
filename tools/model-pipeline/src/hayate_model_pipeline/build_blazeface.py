"""Builds models/blazeface."""

import shutil
import tempfile
from pathlib import Path

import onnx
from onnx import version_converter

from .build_variants import BOTH, FP32, build_variants, read_photos
from .detect_faces import INPUT, FaceDetector, face_tensor
from .export_blazeface import export
from .make_detection_references import make_face_references
from .measure_speed import time_ratio
from .package_blazeface import describe, write_model_card
from .package_files import write_manifest
from .quantize_weights import FIRST_OPSET_WITH_AXIS
from .verify_detector import compare


def build(out: Path, samples: Path) -> None:
    """The published graph is shipped as it is; MODEL.md says what int8 weights would give."""
    photos = read_photos(samples)
    with tempfile.TemporaryDirectory() as work:
        published, fp32 = Path(work) / "published.onnx", Path(work) / "fp32.onnx"
        export(published, Path(work))
        shutil.copyfile(published, out / "model.onnx")
        newer = version_converter.convert_version(onnx.load(published), FIRST_OPSET_WITH_AXIS)
        onnx.save(newer, fp32)
        feeds = [{INPUT: face_tensor(photo)} for photo in photos.calibration]
        paths = build_variants(fp32, feeds, Path(work)) | {FP32: published}
        detectors = {name: (path, FaceDetector(path)) for name, path in paths.items()}
        variants = compare(detectors, photos.whole, photos.checked)
        ratio = time_ratio(paths[BOTH], published)
    write_manifest(out, describe(out))
    write_model_card(out, variants, FP32, ratio)
    make_face_references(out / "model.onnx", samples)
