"""Writes tiny-*.onnx and tiny-detectors.json: detectors of a few kilobytes in every output layout, and the results that NumPy
computes from their outputs. Each detector applies random weights to the mean of each cell of the picture. Decoding and
suppression follow the models' own repositories and use nothing of Hayate.

Run: pip install numpy pillow onnx onnxruntime && python make-tiny-detectors.py
"""

import json
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
import PIL
from onnx import TensorProto, helper, numpy_helper
from PIL import Image

HERE = Path(__file__).parent
SAMPLES = HERE.parent.parent.parent / "samples"
STRIDES = (8, 16, 32)
MARGIN = 1e-5
# No result may depend on a score within MARGIN of a threshold, or on scores that differ by less than this noise, because
# another build of ONNX Runtime may order them otherwise.
NOISE = [lambda shape, seed=seed: np.random.default_rng(seed).uniform(-3e-7, 3e-7, shape) for seed in range(8)]


class Graph:
    """Collects nodes and weights. Each method returns the name of the value that it adds."""

    def __init__(self, name, seed):
        self.name, self.random, self.nodes, self.weights = name, np.random.default_rng(seed), [], []

    def node(self, kind, inputs, output=None, **attributes):
        output = output or f"{kind}{len(self.nodes)}"
        self.nodes.append(helper.make_node(kind, inputs, [output], **attributes))
        return output

    def constant(self, values, dtype=np.float32):
        name = f"c{len(self.weights)}"
        self.weights.append(numpy_helper.from_array(np.asarray(values, dtype), name))
        return name

    def head(self, source, stride, channels, scale, bias):
        """A 1 × 1 convolution over the means of cells: `scale` and `bias` per channel. A small term that grows with the
        position makes cells of the same colour differ."""
        mean = self.node("AveragePool", [source], kernel_shape=[stride, stride], strides=[stride, stride])
        weights = self.random.standard_normal((channels, 3, 1, 1)) * np.reshape(scale, (-1, 1, 1, 1))
        found = self.node("Conv", [mean, self.constant(weights), self.constant(np.broadcast_to(bias, channels))])
        ones = self.node("Add", [self.node("Mul", [columns(found, 0, 1, self, 1), self.constant(0)]), self.constant(1)])
        for axis, step in ((3, 3.14159e-3), (2, 1.73205e-3)):
            count = self.node("CumSum", [ones, self.constant(axis, np.int64)])
            found = self.node("Add", [found, self.node("Mul", [count, self.constant(step)])])
        return found

    def rows(self, source, columns, output=None):
        """[1, k · columns, h, w] → [1, h · w · k, columns]"""
        last = self.node("Transpose", [source], perm=[0, 2, 3, 1])
        return self.node("Reshape", [last, self.constant([0, -1, columns], np.int64)], output)

    def save(self, input_dims, outputs):
        value = lambda name: helper.make_tensor_value_info(name, TensorProto.FLOAT, None)
        image = helper.make_tensor_value_info("images", TensorProto.FLOAT, input_dims)
        graph = helper.make_graph(self.nodes, self.name, [image], [value(name) for name in outputs], self.weights)
        model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
        onnx.save(model, HERE / f"{self.name}.onnx")


def columns(parts, start, stop, graph, axis):
    return graph.node("Slice", [parts] + [graph.constant([value], np.int64) for value in (start, stop, axis)])


# The graphs. The sides of their inputs are free, so that one file is enough for all sizes.


def make_yolov8(name, classes, seed, bias):
    graph = Graph(name, seed)
    parts = []
    for stride in STRIDES:
        scale = [1] * 4 + [4] * classes
        raw = graph.head("images", stride, 4 + classes, scale, [0] * 4 + [bias] * classes)
        ones = graph.node("Add", [graph.node("Mul", [columns(raw, 0, 1, graph, 1), graph.constant(0)]), graph.constant(1)])
        x = graph.node("CumSum", [ones, graph.constant(3, np.int64)])
        y = graph.node("CumSum", [ones, graph.constant(2, np.int64)])
        cell = graph.node("Sub", [graph.node("Concat", [x, y], axis=1), graph.constant(0.5)])
        step = graph.constant(stride)
        centre = graph.node("Mul", [graph.node("Add", [cell, columns(raw, 0, 2, graph, 1)]), step])
        size = graph.node("Mul", [graph.node("Exp", [columns(raw, 2, 4, graph, 1)]), graph.constant(8 * stride)])
        scores = graph.node("Sigmoid", [columns(raw, 4, 4 + classes, graph, 1)])
        whole = graph.node("Concat", [centre, size, scores], axis=1)
        parts.append(graph.node("Reshape", [whole, graph.constant([0, 4 + classes, -1], np.int64)]))
    graph.node("Concat", parts, "output0", axis=2)
    graph.save(["batch", 3, "height", "width"], ["output0"])


def make_yolox():
    graph = Graph("tiny-yolox", 11)
    parts = []
    for stride in STRIDES:
        raw = graph.rows(graph.head("images", stride, 25, [60] * 4 + [3] * 21, [0, 0, 80, 80] + [-1] * 21), 25)
        scores = graph.node("Sigmoid", [columns(raw, 4, 25, graph, 2)])
        parts.append(graph.node("Concat", [graph.node("Mul", [columns(raw, 0, 4, graph, 2), graph.constant(0.01)]), scores], axis=2))
    graph.node("Concat", parts, "output", axis=1)
    graph.save([1, 3, 96, 96], ["output"])


def make_nanodet():
    graph = Graph("tiny-nanodet", 4)
    for stride in STRIDES:
        scores = graph.rows(graph.head("images", stride, 20, 3, -4), 20)
        graph.node("Sigmoid", [scores], f"cls_{stride}")
        graph.rows(graph.head("images", stride, 44, 1, 0), 44, f"reg_{stride}")
    graph.save([1, 3, 96, 96], [f"{part}_{stride}" for stride in STRIDES for part in ("reg", "cls")])


def make_detr(name, logits, seed):
    graph = Graph(name, seed)
    graph.rows(graph.head("images", 16, logits, 3, 0), logits, "logits")
    graph.node("Sigmoid", [graph.rows(graph.head("images", 16, 4, 1, [0, 0, -1, -1]), 4)], "pred_boxes")
    graph.save(["batch", 3, 96, 96], ["logits", "pred_boxes"])


def make_centernet():
    graph = Graph("tiny-centernet", 7)
    raw = graph.rows(graph.head("images", 16, 6, [1, 1, 1, 1, 3, 2], [-1, -1, 1, 1, 0, 1]), 6)
    corners = graph.node("Mul", [graph.node("Sigmoid", [columns(raw, 0, 4, graph, 2)]), graph.constant(96)])
    score = graph.node("Sigmoid", [columns(raw, 4, 5, graph, 2)])
    label = graph.node("Floor", [graph.node("Abs", [columns(raw, 5, 6, graph, 2)])])
    graph.node("Concat", [corners, score, label], "detections", axis=2)
    graph.save([1, 3, 96, 96], ["detections"])


def make_blazeface():
    graph = Graph("tiny-blazeface", 8)
    source = graph.node("Transpose", ["images"], perm=[0, 3, 1, 2])
    for stride, each, number in ((8, 2, 1), (16, 6, 2)):
        graph.rows(graph.head(source, stride, each, 2, -1), 1, f"scores{number}")
        bias = ([0, 0, 30, 30] + [0] * 12) * each
        graph.rows(graph.head(source, stride, 16 * each, 4, bias), 16, f"boxes{number}")
    graph.save([1, 128, 128, 3], ["boxes1", "scores1", "scores2", "boxes2"])


# The references.


def read(name):
    return np.asarray(Image.open(SAMPLES / name).convert("RGB"))


def letterbox(image, side):
    """Ultralytics' LetterBox with Pillow's resize. Returns the tensor and the numbers that undo the letterbox."""
    height, width = image.shape[:2]
    gain = min(side / height, side / width)
    new_width, new_height = round(width * gain), round(height * gain)
    left, top = round((side - new_width) / 2 - 0.1), round((side - new_height) / 2 - 0.1)
    sheet = np.full((side, side, 3), 114, np.uint8)
    resized = Image.fromarray(image).resize((new_width, new_height), Image.Resampling.BILINEAR)
    sheet[top : top + new_height, left : left + new_width] = np.asarray(resized)
    undo = lambda boxes: (boxes - [left, top, left, top]) * np.tile([width / new_width, height / new_height], 2)
    return (sheet / np.float32(255)).transpose(2, 0, 1)[None].astype(np.float32), undo


def stretch(image, side):
    height, width = image.shape[:2]
    resized = np.asarray(Image.fromarray(image).resize((side, side), Image.Resampling.BILINEAR))
    undo = lambda boxes: boxes * np.tile([width / side, height / side], 2)
    return (resized / np.float32(255)).transpose(2, 0, 1)[None].astype(np.float32), undo


def ious(box, boxes):
    low, high = np.maximum(box[:2], boxes[:, :2]), np.minimum(box[2:], boxes[:, 2:])
    shared = np.clip(high - low, 0, None).prod(1)
    area = lambda each: (each[..., 2:] - each[..., :2]).prod(-1)
    return shared / (area(box) + area(boxes) - shared)


def suppress(boxes, scores, classes, score=0.25, iou=0.45, agnostic=False, most=40):
    order = [index for index in np.argsort(-scores, kind="stable") if scores[index] > score]
    order, kept = np.array(order, int), []
    while len(order) and len(kept) < most:
        best, order = order[0], order[1:]
        kept.append(int(best))
        stays = ious(boxes[best], boxes[order]) <= iou
        order = order[stays if agnostic else stays | (classes[order] != classes[best])]
    return kept


def sigmoid(values):
    return 1 / (1 + np.exp(-values))


def softmax(values):
    powers = np.exp(values - values.max(-1, keepdims=True))
    return powers / powers.sum(-1, keepdims=True)


def corners(boxes):
    return np.concatenate([boxes[..., :2] - boxes[..., 2:] / 2, boxes[..., :2] + boxes[..., 2:] / 2], -1)


def best(scores):
    return scores.max(1), scores.argmax(1)


def decode_yolov8(outputs, side):
    rows = outputs["output0"][0].T
    return corners(rows[:, :4]), *best(rows[:, 4:])


def cells(side):
    """Columns, rows and strides of all grids."""
    grids = [(np.mgrid[: side // s, : side // s][::-1].reshape(2, -1).T, s) for s in STRIDES]
    return np.concatenate([grid for grid, _ in grids]), np.concatenate([np.full((len(grid), 1), s) for grid, s in grids])


def decode_yolox(outputs, side):
    rows, (cell, stride) = outputs["output"][0], cells(side)
    boxes = np.concatenate([(rows[:, :2] + cell) * stride, np.exp(rows[:, 2:4]) * stride], 1)
    return corners(boxes), *best(rows[:, 4:5] * rows[:, 5:])


def decode_nanodet(outputs, side):
    whole = lambda part: np.concatenate([outputs[f"{part}_{stride}"][0] for stride in STRIDES])
    cell, stride = cells(side)
    distances = softmax(whole("reg").reshape(-1, 4, 11)) @ np.arange(11) * stride
    centres = (cell + 0.5) * stride
    boxes = np.concatenate([centres - distances[:, :2], centres + distances[:, 2:]], 1)
    return boxes.clip(0, side), *best(whole("cls"))


def decode_centernet(outputs, side):
    rows = outputs["detections"][0]
    return rows[:, :4], rows[:, 4], rows[:, 5].astype(int)


def decode_detr(outputs, side):
    """DetrImageProcessor.post_process_object_detection"""
    return corners(outputs["pred_boxes"][0]) * side, *best(softmax(outputs["logits"][0])[:, :-1])


def decode_rt_detr(outputs, side):
    """RTDetrImageProcessor.post_process_object_detection with the focal loss: the best pairs of query and label."""
    scores = sigmoid(outputs["logits"][0])
    queries, classes = scores.shape
    order = np.argsort(-scores.ravel(), kind="stable")[:queries]
    return corners(outputs["pred_boxes"][0])[order // classes] * side, scores.ravel()[order], order % classes


def detect(file, decode, prepare, side, picture, classes=None, **rules):
    image = read(picture)
    height, width = image.shape[:2]
    tensor, undo = prepare(image, side)
    session = onnxruntime.InferenceSession(HERE / f"{file}.onnx", providers=["CPUExecutionProvider"])
    names = [output.name for output in session.get_outputs()]
    outputs = {name: value.astype(np.float64) for name, value in zip(names, session.run(names, {"images": tensor}))}
    boxes, scores, labels = decode(outputs, side)
    if classes is not None:
        scores = np.where(np.isin(labels, classes), scores, 0)
    kept = suppress(boxes, scores, labels, **rules)
    # The result must not depend on the last digits.
    for score, iou in ((MARGIN, 0), (-MARGIN, 0), (0, MARGIN), (0, -MARGIN)):
        moved = {**rules, "score": rules.get("score", 0.25) + score, "iou": min(1, rules.get("iou", 0.45) + iou)}
        assert suppress(boxes, scores, labels, **moved) == kept, (file, picture, score, iou)
    for noise in NOISE:
        assert set(suppress(boxes, scores + noise(scores.shape), labels, **rules)) == set(kept), (file, picture)
    limits = np.array([width, height, width, height])
    placed = undo(boxes).clip(0, limits)
    found = []
    for index in kept:
        x1, y1, x2, y2 = placed[index]
        box = {"x1": x1, "y1": y1, "x2": x2, "y2": y2}
        label = int(labels[index])
        found.append({"class_id": label, "label": f"label {label}", "score": scores[index], "box": box})
    print(file, side, picture, rules, classes, (scores > rules.get("score", 0.25)).sum(), len(kept), len({each["class_id"] for each in found}))
    return {"model": file, "side": side, "picture": picture, "objects": found}


def face_anchors():
    grid = lambda side, each: ((np.mgrid[:side, :side][::-1].reshape(2, -1).T + 0.5) / side).repeat(each, 0)
    return np.concatenate([grid(16, 2), grid(8, 6)])


def detect_faces(picture, score=0.5, iou=0.3, most=20):
    """MediaPipe's TensorsToDetectionsCalculator and weighted NonMaxSuppressionCalculator."""
    image = read(picture)
    height, width = image.shape[:2]
    tensor, _ = stretch(image, 128)
    session = onnxruntime.InferenceSession(HERE / "tiny-blazeface.onnx", providers=["CPUExecutionProvider"])
    names = [output.name for output in session.get_outputs()]
    feed = {"images": (tensor.transpose(0, 2, 3, 1) - 0.5) / 0.5}
    outputs = {name: value[0].astype(np.float64) for name, value in zip(names, session.run(names, feed))}
    scores = sigmoid(np.concatenate([outputs["scores1"], outputs["scores2"]])[:, 0].clip(-100, 100))
    raw = np.concatenate([outputs["boxes1"], outputs["boxes2"]]) / 128
    anchors = face_anchors()
    centres, sizes = raw[:, :2] + anchors, raw[:, 2:4]
    points = raw[:, 4:].reshape(-1, 6, 2) + anchors[:, None]
    boxes = np.concatenate([centres - sizes / 2, centres + sizes / 2], 1)
    values = np.concatenate([boxes, points.reshape(-1, 12)], 1)

    def merge(score, iou, scores=scores):
        rest = np.array([index for index in np.argsort(-scores, kind="stable") if scores[index] >= score], int)
        faces, groups = [], []
        while len(rest) and len(faces) < most:
            together = ious(boxes[rest[0]], boxes[rest]) > iou
            group = rest[together]
            weights = scores[group, None]
            faces.append((scores[rest[0]], (values[group] * weights).sum(0) / weights.sum()))
            groups.append(group.tolist())
            rest = rest[~together]
        return faces, groups

    faces, groups = merge(score, iou)
    for moved in ((score + MARGIN, iou), (score - MARGIN, iou), (score, iou + MARGIN), (score, iou - MARGIN)):
        assert merge(*moved)[1] == groups, (picture, moved)
    for noise in NOISE:
        noisy = merge(score, iou, scores + noise(scores.shape))[1]
        assert sorted(map(sorted, noisy)) == sorted(map(sorted, groups)), picture
    print("faces", picture, score, iou, [len(group) for group in groups])
    found = []
    for best_score, value in faces:
        places = value.reshape(-1, 2) * [width, height]
        found.append({"score": best_score, "box": [*places[0], *(places[1] - places[0])], "keypoints": places[2:].tolist()})
    return {"picture": picture, "faces": found}


CAT, ASTRONAUT, COFFEE, ROCKET = "chelsea.png", "astronaut.png", "coffee.png", "rocket.png"
make_yolov8("tiny-yolov8-80", 80, 1, -8)
make_yolov8("tiny-yolov8-1", 1, 11, -2)
make_yolox()
make_nanodet()
make_detr("tiny-detr", 21, 5)
make_detr("tiny-rt-detr", 20, 6)
make_centernet()
make_blazeface()

objects = [
    *(
        detect(f"tiny-yolov8-{classes}", decode_yolov8, letterbox, side, picture)
        for classes in (80, 1)
        for side, picture in ((320, CAT), (480, ROCKET), (640, CAT))
    ),
    detect("tiny-yolox", decode_yolox, stretch, 96, ASTRONAUT),
    detect("tiny-nanodet", decode_nanodet, stretch, 96, CAT),
    detect("tiny-centernet", decode_centernet, stretch, 96, COFFEE, score=0.3, iou=0.5),
    detect("tiny-detr", decode_detr, stretch, 96, ASTRONAUT, score=0.5, iou=1),
    detect("tiny-rt-detr", decode_rt_detr, stretch, 96, ASTRONAUT, score=0.5, iou=1),
]
yolov8 = ("tiny-yolov8-80", decode_yolov8, letterbox, 320, CAT)
SOME = sorted({each["class_id"] for each in objects[0]["objects"]})[:2]
options = [
    {"options": {"scoreThreshold": 0.5, "iouThreshold": 0.7}, **detect(*yolov8, score=0.5, iou=0.7)},
    {"options": {"agnostic": True}, **detect(*yolov8, agnostic=True)},
    {"options": {"maxDetections": 3}, **detect(*yolov8, most=3)},
    {"options": {"classes": [f"label {label}" for label in SOME]}, **detect(*yolov8, classes=SOME)},
]
faces = [detect_faces(picture) for picture in (CAT, ROCKET)]
face_options = [
    {"options": {"scoreThreshold": 0.3, "iouThreshold": 0.6}, **detect_faces(CAT, 0.3, 0.6)},
    {"options": {"maxFaces": 1}, **detect_faces(CAT, most=1)},
]
made_by = {"pillow": PIL.__version__, "onnxruntime": onnxruntime.__version__, "numpy": np.__version__}
golden = {"madeBy": made_by, "objects": objects, "options": options, "faces": faces, "faceOptions": face_options}
rounded = json.loads(json.dumps(golden, default=float), parse_float=lambda text: round(float(text), 6))
(HERE / "tiny-detectors.json").write_text(json.dumps(rounded) + "\n")
