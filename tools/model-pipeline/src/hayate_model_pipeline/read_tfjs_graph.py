"""Reads a TensorFlow.js graph model: a JSON file of nodes and files of weights."""

import base64
import json
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

STORED = {"float32": "<f4", "float16": "<f2", "int32": "<i4"}


@dataclass(frozen=True)
class TfjsNode:
    name: str
    op: str
    inputs: list[str]
    attributes: dict[str, dict]

    def ints(self, name: str) -> list[int]:
        return [int(value) for value in self.attributes[name]["list"].get("i", [])]

    def text(self, name: str) -> str:
        return _decode(self.attributes[name]["s"])

    def texts(self, name: str) -> list[str]:
        """None where the node has no such attribute."""
        values = self.attributes.get(name, {}).get("list", {}).get("s", [])
        return [_decode(value) for value in values]

    def flag(self, name: str) -> bool:
        return self.attributes.get(name, {}).get("b", False)


@dataclass(frozen=True)
class TfjsGraph:
    nodes: list[TfjsNode]  # every node after those that it reads
    constants: dict[str, np.ndarray] = field(default_factory=dict)  # float32 or int64


def read_tfjs_graph(path: Path) -> TfjsGraph:
    model = json.loads(path.read_text("utf-8"))
    constants: dict[str, np.ndarray] = {}
    for group in model["weightsManifest"]:
        content = b"".join((path.parent / name).read_bytes() for name in group["paths"])
        constants |= _read_weights(group["weights"], content)
    nodes = [
        TfjsNode(n["name"], n["op"], n.get("input", []), n.get("attr", {}))
        for n in model["modelTopology"]["node"]
        if n["op"] != "Const"
    ]
    return TfjsGraph(_in_order(nodes, set(constants)), constants)


def _read_weights(weights: list[dict], content: bytes) -> dict[str, np.ndarray]:
    read, at = {}, 0
    for weight in weights:
        stored = np.dtype(STORED[weight.get("quantization", weight)["dtype"]])
        count = int(np.prod(weight["shape"], dtype=np.int64))
        values = np.frombuffer(content, stored, count, at).reshape(weight["shape"])
        read[weight["name"]] = values.astype(np.float32 if stored.kind == "f" else np.int64)
        at += values.nbytes
    if at != len(content):
        raise ValueError(f"{len(content) - at} bytes of weights are left over")
    return read


def _in_order(nodes: list[TfjsNode], known: set[str]) -> list[TfjsNode]:
    ordered: list[TfjsNode] = []
    while nodes:
        ready = [n for n in nodes if all(i.split(":")[0] in known for i in n.inputs)]
        if not ready:
            raise ValueError(f"{nodes[0].name} reads what is not there")
        ordered += ready
        known |= {n.name for n in ready}
        nodes = [n for n in nodes if n.name not in known]
    return ordered


def _decode(text: str) -> str:
    return base64.b64decode(text).decode()
