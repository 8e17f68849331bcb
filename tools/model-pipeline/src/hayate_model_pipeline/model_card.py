"""Parts that the model cards of detectors have in common."""

from .build_variants import CALIBRATION_CROPS, MOTIFS
from .verify_detector import DetectorAgreement, Variant

HEAD = """| weights | bytes | precision | recall | IoU, mean | score difference, mean |
|---|---:|---:|---:|---:|---:|"""


def agreement_tables(variants: list[Variant], shipped: str) -> str:
    """What each way of storing the weights gives, on the photos and on crops of them."""
    photos, crops = variants[0].photos, variants[0].crops
    return f"""{_title(photos, f"the {photos.images} sample photos")}

{_table(variants, shipped, [v.photos for v in variants])}

{_title(crops, f"{crops.images} random crops of them")}

{_table(variants, shipped, [v.crops for v in variants])}

Precision and recall hold what a row finds against what float32 finds: the same
class, and an intersection over union (IoU) of more than 0.5. The crops (20–100 %
of the area, mirrored by chance, brightness ± 30 %) come from only {len(MOTIFS)}
motifs: the figures tell how closely a row follows float32, not how often either
is right. The biases were corrected with the photos themselves and
{CALIBRATION_CROPS} other crops of each."""


def _title(agreement: DetectorAgreement, images: str) -> str:
    return f"On {images}, in which float32 finds {agreement.original}:"


def _table(variants: list[Variant], shipped: str, agreements: list[DetectorAgreement]) -> str:
    rows = [
        f"| {_name(v.name, shipped)} | {v.bytes:,} | {a.precision:.1%} | {a.recall:.1%} "
        f"| {a.mean_iou:.3f} | {a.mean_score_difference:.4f} |"
        for v, a in zip(variants, agreements, strict=True)
    ]
    return "\n".join([HEAD, *rows])


def _name(name: str, shipped: str) -> str:
    return f"**{name}** (shipped)" if name == shipped else name
