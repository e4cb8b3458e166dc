#!/usr/bin/env python3
"""Makes a pack of the published Kandinsky 2.2 sizes with random float16 weights, on a CUDA device: some 7 GB in seconds.

    python3 published_pack.py SHAPES OUT

SHAPES holds the published configurations and the names and shapes of their tensors. OUT gets pack/ and picture.png. Needs torch, safetensors, numpy and
Pillow.
"""
import ast
import math
import pathlib
import shutil
import sys

import numpy
import torch
from PIL import Image
from safetensors.torch import save_file

SEED = 5
CONFIGURATIONS = {
    "decoder_unet": "decoder/unet/config.json",
    "decoder_movq": "decoder/movq/config.json",
    "decoder_scheduler": "decoder/scheduler/scheduler_config.json",
    "prior_image_encoder": "prior/image_encoder/config.json",
    "prior_image_processor": "prior/image_processor/preprocessor_config.json",
}
FEATURES, WIDTH = 163_840, 1280


def uniform(shape, fan):
    return (torch.rand(shape, device="cuda") * 2 - 1) / math.sqrt(fan)


def parameter(part, name, shape):
    """Random numbers of the size that keeps activations within float16, as trained weights do."""
    fan = math.prod(shape[1:]) if len(shape) > 1 else shape[0]
    is_bias = name.endswith("bias")
    if part == "decoder_movq" and name.endswith("conv_y.bias"):
        return torch.ones(shape, device="cuda")
    if is_bias:
        return torch.zeros(shape, device="cuda")
    if "norm" in name and len(shape) == 1:
        return torch.ones(shape, device="cuda")
    if "position" in name or "class_embedding" in name:
        return torch.randn(shape, device="cuda") * 0.02
    if name == "visual_projection.weight":
        return torch.randn(shape, device="cuda") / math.sqrt(fan)
    if part == "prior_image_encoder":
        return torch.randn(shape, device="cuda") * (0.01 if "fc2" in name or "out_proj" in name else 0.02)
    if part == "decoder_unet" and name == "conv_out.weight":
        return uniform(shape, fan) * 0.3
    return uniform(shape, fan)


def save(tensors, file):
    file.parent.mkdir(parents=True, exist_ok=True)
    save_file({name: tensor.half().contiguous() for name, tensor in tensors}, file, metadata={"format": "pt"})
    torch.cuda.empty_cache()


def network(part, shapes, file):
    lines = [line.split("\t") for line in shapes.read_text().splitlines() if line]
    save(((name, parameter(part, name, ast.literal_eval(shape))) for name, shape in lines), file)


def autoencoder(file):
    save([
        ("enc_bias", torch.randn(FEATURES, device="cuda") * 0.1 - 2.5),
        ("dec_bias", torch.randn(WIDTH, device="cuda") * 0.1),
        ("encoder.weight", torch.randn(FEATURES, WIDTH, device="cuda") / math.sqrt(WIDTH)),
        ("decoder.weight", torch.randn(WIDTH, FEATURES, device="cuda") * 0.02),
    ], file)


def picture(file):
    y, x = numpy.mgrid[0:512, 0:512] / 512
    waves = numpy.stack([numpy.sin(5 * x + 3 * y), numpy.cos(4 * y - 6 * x * x), numpy.sin(9 * x * y * 4)], -1) * 0.5 + 0.5
    waves[(x - 0.4) ** 2 + (y - 0.3) ** 2 < 0.03] = [0.9, 0.2, 0.1]
    Image.fromarray((waves * 255).round().astype("uint8")).save(file)


def main():
    shapes, out = map(pathlib.Path, sys.argv[1:3])
    pack = out / "pack"
    torch.manual_seed(SEED)
    network("decoder_unet", shapes / "decoder_unet.txt", pack / "decoder/unet/diffusion_pytorch_model.safetensors")
    network("decoder_movq", shapes / "decoder_movq.txt", pack / "decoder/movq/diffusion_pytorch_model.safetensors")
    network("prior_image_encoder", shapes / "prior_image_encoder.txt", pack / "prior/image_encoder/model.safetensors")
    autoencoder(pack / "sae/model.safetensors")
    for name, place in CONFIGURATIONS.items():
        (pack / place).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(shapes / f"{name}.json", pack / place)
    picture(out / "picture.png")
    print(f"{sum(file.stat().st_size for file in pack.rglob('*.safetensors')) / 1e9:.1f} GB")


if __name__ == "__main__":
    main()
