#!/usr/bin/env python3
"""Write what transformers' CLIPImageProcessor makes of a picture, in the ways in which a preprocessor_config.json is written.

    python3 make_processor_fixtures.py

SteeringTests/Fixtures/processors:
    cases.json              each configuration as one text
    expected.safetensors    the pixel values of landscape/picture.png, by the configuration's name

Made with transformers 5.23.0, pillow 13.0.0 and safetensors 0.8.0.
"""

import json
import pathlib
import shutil
import tempfile

from PIL import Image
from safetensors.torch import save_file
from transformers import CLIPImageProcessor

FIXTURES = pathlib.Path(__file__).resolve().parent.parent / "SteeringTests" / "Fixtures"
FOLDER = FIXTURES / "processors"

NORMALISED = {"image_mean": [0.48145466, 0.4578275, 0.40821073], "image_std": [0.26862954, 0.26130258, 0.27577711], "resample": 3}
CASES = {
    "number": {"size": 16, "crop_size": 16, "feature_extractor_type": "CLIPFeatureExtractor"},
    "square number": {"size": 16, "crop_size": 16, "default_to_square": True},
    "shorter side": {"size": {"shortest_edge": 16}, "crop_size": {"height": 16, "width": 16}, "rescale_factor": 0.00392156862745098},
    "larger than the crop": {"size": {"shortest_edge": 22}, "crop_size": 16},
    "fast": {"image_processor_type": "CLIPImageProcessorFast", "size": {"shortest_edge": 16}, "crop_size": {"height": 16, "width": 16},
             "data_format": "channels_first", "default_to_square": False, "device": None, "disable_grouping": None, "do_pad": None,
             "input_data_format": None, "pad_size": None, "return_tensors": None},
    "square": {"size": {"height": 16, "width": 16}, "do_center_crop": False},
    "square and crop": {"size": {"height": 20, "width": 20}, "crop_size": {"height": 16, "width": 16}},
    "not resized": {"do_resize": False, "crop_size": 16},
    "not normalised": {"size": {"shortest_edge": 16}, "crop_size": 16, "do_normalize": False},
    "not rescaled": {"size": {"shortest_edge": 16}, "crop_size": 16, "do_rescale": False},
    "another factor": {"size": {"shortest_edge": 16}, "crop_size": 16, "rescale_factor": 1 / 127.5},
}


def pixel_values(config, picture):
    with tempfile.TemporaryDirectory() as folder:
        (pathlib.Path(folder) / "preprocessor_config.json").write_text(config)
        return CLIPImageProcessor.from_pretrained(folder)(picture, return_tensors="pt").pixel_values.float().contiguous()


def main():
    shutil.rmtree(FOLDER, ignore_errors=True)
    FOLDER.mkdir()
    picture = Image.open(FIXTURES / "landscape" / "picture.png").convert("RGB")
    cases = [{"name": name, "config": json.dumps(NORMALISED | options)} for name, options in CASES.items()]
    (FOLDER / "cases.json").write_text(json.dumps(cases, indent=1) + "\n")
    expected = {case["name"]: pixel_values(case["config"], picture) for case in cases}
    assert all(values.shape == (1, 3, 16, 16) for values in expected.values())
    save_file(expected, FOLDER / "expected.safetensors")


if __name__ == "__main__":
    main()
