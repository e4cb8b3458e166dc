#!/usr/bin/env python3
"""Has diffusers and transformers compute on a CUDA device what Fader is compared with.

    python3 published_reference.py OUT STEPS tensors      writes OUT/expected.safetensors, in float32
    python3 published_reference.py OUT STEPS time         prints how long a step in float16 takes

OUT is what published_pack.py wrote. Ends with 3 and a sentence where a library is missing.
"""
import json
import pathlib
import statistics
import sys
import time

try:
    import torch
    from diffusers import DDIMInverseScheduler, DDIMScheduler, UNet2DConditionModel, VQModel
    from PIL import Image
    from safetensors.torch import load_file, save_file
    from transformers import CLIPImageProcessor, CLIPVisionModelWithProjection
    import numpy
except ImportError as error:
    print(f"diffusers is not compared: Python has no {error.name}")
    sys.exit(3)


def predicted(unet, latents, timestep, embedding):
    return unet(latents, timestep, encoder_hidden_states=None, added_cond_kwargs={"image_embeds": embedding}).sample[:, :4]


def tensors(out, steps):
    pack = out / "pack"
    picture = Image.open(out / "picture.png").convert("RGB")
    pixels = CLIPImageProcessor.from_pretrained(pack / "prior/image_processor")(picture, return_tensors="pt").pixel_values.cuda()
    tower = CLIPVisionModelWithProjection.from_pretrained(pack / "prior/image_encoder", torch_dtype=torch.float32).cuda().eval()
    found = {"clip.pixel_values": pixels, "image_embeds": tower(pixels).image_embeds}
    del tower
    weights = {name: tensor.cuda().float() for name, tensor in load_file(pack / "sae/model.safetensors").items()}
    found["sae.features"] = torch.relu(found["image_embeds"] @ weights["encoder.weight"].T + weights["enc_bias"])
    del weights
    torch.cuda.empty_cache()
    movq = VQModel.from_pretrained(pack / "decoder/movq", torch_dtype=torch.float32).cuda().eval()
    scaled = torch.from_numpy(numpy.asarray(picture).astype("float32") / 127.5 - 1).permute(2, 0, 1)[None].cuda()
    found["movq.latents"] = latents = movq.encode(scaled).latents
    unet = UNet2DConditionModel.from_pretrained(pack / "decoder/unet", torch_dtype=torch.float32).cuda().eval()
    config = json.loads((pack / "decoder/scheduler/scheduler_config.json").read_text())
    config.pop("_class_name", None)
    inverse = DDIMInverseScheduler.from_config(config)
    inverse.set_timesteps(steps)
    for timestep in inverse.timesteps:
        latents = inverse.step(predicted(unet, latents, timestep, found["image_embeds"]), timestep, latents).prev_sample
    found["inv_latents"] = latents
    save_file({name: tensor.float().cpu().contiguous() for name, tensor in found.items()}, out / "expected.safetensors")
    print(f"{len(found)} tensors")


def milliseconds(out, steps):
    unet = UNet2DConditionModel.from_pretrained(out / "pack/decoder/unet", torch_dtype=torch.float16).cuda().eval()
    scheduler = DDIMScheduler.from_pretrained(out / "pack/decoder/scheduler")
    embedding = torch.randn(1, 1280, device="cuda").half()
    times = []
    for _ in range(7):
        latents = torch.randn(1, 4, 64, 64, device="cuda").half()
        scheduler.set_timesteps(20, device="cuda")
        torch.cuda.synchronize()
        start = time.perf_counter()
        for timestep in scheduler.timesteps:
            latents = scheduler.step(predicted(unet, latents, timestep, embedding), timestep, latents).prev_sample
        torch.cuda.synchronize()
        times.append((time.perf_counter() - start) / 20 * 1000)
    print(f"diffusers {statistics.median(times[2:]):.1f} ms a step")


if __name__ == "__main__":
    torch.backends.cuda.matmul.allow_tf32 = torch.backends.cudnn.allow_tf32 = False
    with torch.inference_mode():
        (tensors if sys.argv[3] == "tensors" else milliseconds)(pathlib.Path(sys.argv[1]), int(sys.argv[2]))
