"""Runs diffusers on the CPU one forward at a time, as Benchmarks asks for it, so that its runs and Fader's alternate.

    python3 Benchmarks/cpu_reference.py PACK THREADS

Each line of input names what to run: "additions", or a network and its form, as "unet float32", "unet bfloat16 channels-last" or "movq float32". The answer
is one line: milliseconds. A network is loaded, and run once unmeasured, when it is first asked for; the one before it is let go. The answer to "versions" is
what runs.
"""

import pathlib
import platform
import sys
import time

import diffusers
import torch
from diffusers import UNet2DConditionModel, VQModel

SIDE = 64


def unet(pack, dtype, layout):
    network = UNet2DConditionModel.from_pretrained(pack / "decoder/unet", torch_dtype=dtype).eval().to(memory_format=layout)
    latents = torch.randn(1, 4, SIDE, SIDE).to(dtype).to(memory_format=layout)
    condition = {"image_embeds": torch.randn(1, network.config.encoder_hid_dim).to(dtype)}
    return lambda: network(latents, 500, encoder_hidden_states=None, added_cond_kwargs=condition).sample


def movq(pack, dtype, layout):
    network = VQModel.from_pretrained(pack / "decoder/movq", torch_dtype=dtype).eval().to(memory_format=layout)
    latents = torch.randn(1, network.config.latent_channels, SIDE, SIDE).to(dtype).to(memory_format=layout)
    return lambda: network.decode(latents, force_not_quantize=True).sample


def additions():
    one = torch.ones(1)

    def run():
        for _ in range(1000):
            one + one

    return run


def prepared(pack, request):
    if request == "additions":
        return additions()
    name, dtype, *rest = request.split()
    layout = torch.channels_last if rest == ["channels-last"] else torch.contiguous_format
    return {"unet": unet, "movq": movq}[name](pack, getattr(torch, dtype), layout)


@torch.inference_mode()
def main():
    pack = pathlib.Path(sys.argv[1])
    torch.set_num_threads(int(sys.argv[2]))
    last, run = None, None
    for line in sys.stdin:
        request = line.strip()
        if request == "versions":
            print(f"Python {platform.python_version()}, torch {torch.__version__}, diffusers {diffusers.__version__}", flush=True)
            continue
        if request != last:
            run = None
            last, run = request, prepared(pack, request)
            run()
        start = time.perf_counter()
        run()
        print((time.perf_counter() - start) * 1000, flush=True)


if __name__ == "__main__":
    main()
