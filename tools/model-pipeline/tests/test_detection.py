import json
from pathlib import Path

import numpy as np
import pytest

from hayate_model_pipeline.detect_faces import FaceDetector
from hayate_model_pipeline.detect_objects import decode_objects, resize_linear
from hayate_model_pipeline.detection import Detection, iou
from hayate_model_pipeline.make_picture import Recipe, make_picture
from hayate_model_pipeline.preprocess import open_photo
from hayate_model_pipeline.verify_detector import agreement

ROOT = Path(__file__).parents[3]
MEDIAPIPE = json.loads((ROOT / "packages/testing/models/mediapipe-faces.json").read_text("utf-8"))
RECIPE = ("file", "crop", "step", "repeat", "tiles")


@pytest.mark.parametrize("name", MEDIAPIPE["pictures"])
def test_the_reference_finds_the_faces_that_mediapipe_finds(name):
    expected = MEDIAPIPE["pictures"][name]
    recipe = Recipe(**{key: expected[key] for key in RECIPE if key in expected})
    picture = make_picture(open_photo(ROOT / "samples" / recipe.file), recipe)
    detector = FaceDetector(ROOT / "models/blazeface/model.onnx")
    found = detector.read(detector.tensor(picture), picture.size)
    assert len(found) == len(expected["faces"])
    for face, wanted in zip(found, expected["faces"], strict=True):
        left, top, width, height = wanted["box"]
        assert np.allclose(face.box, [left, top, left + width, top + height], atol=0.1)
        assert np.allclose(face.keypoints, wanted["keypoints"], atol=0.1)
        assert face.score == pytest.approx(wanted["score"], abs=5e-4)


def test_resizing_meets_the_middle_of_pixels():
    pixels = np.array([[[0.0], [10.0]]])
    assert resize_linear(pixels, 4, 1)[0, :, 0].tolist() == [0, 2.5, 7.5, 10]


def test_of_boxes_of_one_class_the_best_stays():
    rows = np.array(
        [
            [0, 0, 100, 100, 0.5, 1],
            [10, 0, 110, 100, 0.9, 1],
            [10, 0, 110, 100, 0.4, 2],
            [300, 300, 600, 400, 0.8, 1],
            [0, 0, 10, 10, 0.3, 1],
        ]
    )
    found = decode_objects(rows, 1024, 512)
    assert [(each.index, each.score) for each in found] == [(1, 0.9), (1, 0.8), (2, 0.4)]
    assert found[0].box.tolist() == [20, 0, 220, 100]
    assert found[1].box.tolist() == [600, 300, 1024, 400]


def test_agreement_counts_each_detection_once():
    box = np.array([0.0, 0, 10, 10])
    expected = [[Detection(1, 0.9, box), Detection(1, 0.6, box)]]
    found = [[Detection(1, 0.8, box), Detection(2, 0.7, box)]]
    result = agreement(expected, found)
    assert (result.precision, result.recall) == (0.5, 0.5)
    assert result.mean_score_difference == pytest.approx(0.1)
    assert result.mean_iou == 1


def test_boxes_that_do_not_meet_share_nothing():
    assert iou(np.array([0, 0, 1, 1]), np.array([2, 2, 3, 3])) == 0
