"""Times diffusers on a CUDA device beside Fader: one denoising step at 512 px, batch 1, without guidance.

    python3 Benchmarks/cuda_reference.py PACK [--dtype float16] [--size 512] [--compiled]

PACK needs only decoder/unet/config.json: the weights are random, since time does not depend on them. Prints one line per form: its name, a tab, and the
median milliseconds of a step.
"""

import argparse
import json
import pathlib
import statistics

import torch
from diffusers import DDIMScheduler, UNet2DConditionModel

STEPS = 20
RUNS = 7


def parse():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("pack", type=pathlib.Path)
    parser.add_argument("--dtype", choices=["float16", "bfloat16", "float32"], default="float16")
    parser.add_argument("--size", type=int, default=512, help="the picture's side in pixels")
    parser.add_argument("--compiled", action="store_true", help="also measure torch.compile, which takes minutes to begin")
    return parser.parse_args()


def network(pack, dtype):
    config = json.loads((pack / "decoder/unet/config.json").read_text())
    torch.manual_seed(1)
    with torch.device("cuda"):
        unet = UNet2DConditionModel.from_config(config)
    return unet.eval().requires_grad_(False).to(dtype)


def sample(unet, latents, embedding):
    scheduler = DDIMScheduler(beta_start=0.00085, beta_end=0.012, clip_sample=False, steps_offset=1)
    scheduler.set_timesteps(STEPS, device="cuda")
    for timestep in scheduler.timesteps:
        noise = unet(latents, timestep, encoder_hidden_states=None, added_cond_kwargs={"image_embeds": embedding}).sample[:, :4]
        latents = scheduler.step(noise, timestep, latents).prev_sample
    return latents


def milliseconds(unet, side, width, dtype):
    latents = torch.randn(1, 4, side, side, device="cuda", dtype=dtype)
    embedding = torch.randn(1, width, device="cuda", dtype=dtype)
    times = []
    # Two runs go before those that count: they choose algorithms, and compile.
    for run in range(RUNS + 2):
        start, end = torch.cuda.Event(enable_timing=True), torch.cuda.Event(enable_timing=True)
        start.record()
        sample(unet, latents, embedding)
        end.record()
        end.synchronize()
        if run >= 2:
            times.append(start.elapsed_time(end) / STEPS)
    return statistics.median(times)


@torch.inference_mode()
def main():
    options = parse()
    dtype = getattr(torch, options.dtype)
    torch.backends.cudnn.allow_tf32 = False
    unet = network(options.pack, dtype)

    def report(name, unet):
        print(f"{name}\t{milliseconds(unet, options.size // 8, unet.config.encoder_hid_dim, dtype):.3f}", flush=True)

    report("diffusers, eager", unet)
    unet = unet.to(memory_format=torch.channels_last)
    report("diffusers, eager, channels-last", unet)
    if options.compiled:
        forward = unet.forward
        unet.forward = torch.compile(forward, mode="max-autotune", fullgraph=True)
        report("diffusers, compiled", unet)


main()
