"""python -m hayate_model_pipeline samples | video | efficientnet-lite0 | centernet | blazeface"""

import argparse
from importlib import import_module
from pathlib import Path

# Each has a module build_<name> with a function build(out, samples).
MODELS = ("efficientnet-lite0", "centernet", "blazeface")


def main() -> None:
    parser = argparse.ArgumentParser(prog="hayate_model_pipeline")
    commands = parser.add_subparsers(dest="command", required=True)
    samples = commands.add_parser("samples", help="write the sample photos")
    samples.add_argument("--photos", type=Path, required=True, help="skimage/data")
    samples.add_argument("--hopper", type=Path, required=True, help="grace_hopper.jpg")
    commands.add_parser("video", help="write the sample video")
    for name in MODELS:
        model = commands.add_parser(name, help="build the model package")
        model.add_argument("--out", type=Path, default=Path("models") / name)
    for command in commands.choices.values():
        command.add_argument("--samples", type=Path, default=Path("samples"))
    arguments = parser.parse_args()
    if arguments.command == "samples":
        from .make_samples import make_samples

        make_samples(arguments.photos, arguments.hopper, arguments.samples)
    elif arguments.command == "video":
        from .make_video import make_video

        make_video(arguments.samples)
    else:
        (arguments.out / "src").mkdir(parents=True, exist_ok=True)
        # Imported only now: no model needs the libraries of another.
        builder = import_module(f".build_{arguments.command.replace('-', '_')}", __package__)
        builder.build(arguments.out, arguments.samples)
