#!/usr/bin/env python3
"""Load a pack with transformers and diffusers, unchanged, and run it on a picture of the pack's own size.

    python3 check_demo_pack.py assets/demo assets/samples/01.png [--tensors F] [--out OUT.png] [--scenes DIR]

`F` is what `fader preprocess PICTURE --pack PACK --dtype float32 --tensors F` wrote: every tensor that both sides compute is
compared, and the script fails when the relative error of one is above 1e-3. `--out` keeps the picture drawn again from its
inverted latents. `DIR` is what `fader scenes` wrote: where the pack has a text tower, the script counts how many captions find
their picture among all of them.

Needs: torch, diffusers>=0.42, transformers>=5, safetensors, pillow, numpy.
"""
import argparse, json, os, sys
import numpy as np, torch
from PIL import Image
from safetensors.torch import load_file
from diffusers import DDIMInverseScheduler, DDIMScheduler, DDPMScheduler, KandinskyV22Pipeline, UNet2DConditionModel, VQModel
from transformers import CLIPImageProcessor, CLIPTextModelWithProjection, CLIPTokenizer, CLIPVisionModelWithProjection

LIMIT = 1e-3


def load(pack):
    """Everything as float32; a key that is missing or left over is an error."""
    at = lambda *parts: os.path.join(pack, *parts)
    tower, report = CLIPVisionModelWithProjection.from_pretrained(at("prior/image_encoder"), output_loading_info=True, torch_dtype=torch.float32)
    assert not report["missing_keys"] and not report["unexpected_keys"], report
    unet, report = UNet2DConditionModel.from_pretrained(at("decoder/unet"), output_loading_info=True, torch_dtype=torch.float32)
    assert not report["missing_keys"] and not report["unexpected_keys"], report
    movq, report = VQModel.from_pretrained(at("decoder/movq"), output_loading_info=True, torch_dtype=torch.float32)
    assert not report["missing_keys"] and not report["unexpected_keys"], report
    return tower.eval(), unet.eval(), movq.eval(), CLIPImageProcessor.from_pretrained(at("prior/image_processor"))


def load_text(pack):
    """The text tower and its tokenizer; none in a pack without them."""
    folder = os.path.join(pack, "prior/text_encoder")
    if not os.path.exists(folder):
        return None
    tower, report = CLIPTextModelWithProjection.from_pretrained(folder, output_loading_info=True, torch_dtype=torch.float32)
    assert not report["missing_keys"] and not report["unexpected_keys"], report
    tokenizer = CLIPTokenizer.from_pretrained(os.path.join(pack, "prior/tokenizer"))
    assert len(tokenizer) == tower.config.vocab_size, (len(tokenizer), tower.config.vocab_size)
    assert tokenizer.eos_token_id == tower.config.eos_token_id and tokenizer.bos_token_id == tower.config.bos_token_id
    return tower.eval(), tokenizer


@torch.inference_mode()
def retrieval(pack, scenes):
    """The part of the captions in `scenes.jsonl` whose embedding lies nearest to that of their own picture."""
    text, tokenizer = load_text(pack)
    tower, _, _, processor = load(pack)
    lines = [json.loads(line) for line in open(os.path.join(scenes, "scenes.jsonl"))]
    texts, pictures = [], []
    for start in range(0, len(lines), 32):
        part = lines[start : start + 32]
        tokens = tokenizer([line["caption"] for line in part], padding="max_length", truncation=True, return_tensors="pt")
        texts.append(text(**tokens).text_embeds)
        opened = [Image.open(os.path.join(scenes, line["file"])).convert("RGB") for line in part]
        pictures.append(tower(processor(opened, return_tensors="pt").pixel_values).image_embeds)
    texts, pictures = (torch.nn.functional.normalize(torch.cat(parts)) for parts in (texts, pictures))
    found = (texts @ pictures.T).argmax(1) == torch.arange(len(lines))
    print(f"{int(found.sum())} of {len(lines)} captions find their picture among {len(lines)}")


@torch.inference_mode()
def run(pack, picture, steps, invert_steps):
    tower, unet, movq, processor = load(pack)
    sae = {name: tensor.float() for name, tensor in load_file(os.path.join(pack, "sae/model.safetensors")).items()}
    schedule = DDPMScheduler.from_pretrained(os.path.join(pack, "decoder/scheduler")).config
    sampler, inverse = DDIMScheduler.from_config(schedule), DDIMInverseScheduler.from_config(schedule)
    out = {"clip.pixel_values": processor(picture, return_tensors="pt").pixel_values}
    embeds = out["image_embeds"] = tower(out["clip.pixel_values"]).image_embeds
    zero = out["zero_embeds"] = tower(torch.zeros_like(out["clip.pixel_values"])).image_embeds
    sums = embeds @ sae["encoder.weight"].T + sae["enc_bias"]
    features = out["sae.features"] = torch.relu(sums) * (sums > sae["threshold"])
    out["sae.reconstruction"] = features @ sae["decoder.weight"].T + sae["dec_bias"]
    pixels = torch.from_numpy(np.asarray(picture).astype("float32") / 127.5 - 1).permute(2, 0, 1)[None]
    latents = out["movq.latents"] = movq.encode(pixels).latents
    inverse.set_timesteps(invert_steps)
    for t in inverse.timesteps:
        noise = unet(latents, t, encoder_hidden_states=None, added_cond_kwargs={"image_embeds": embeds}).sample[:, : latents.shape[1]]
        latents = inverse.step(noise, t, latents).prev_sample
    out["inv_latents"] = latents
    pipeline = KandinskyV22Pipeline(unet=unet, scheduler=sampler, movq=movq)
    pipeline.set_progress_bar_config(disable=True)
    out["image"] = pipeline(
        image_embeds=embeds, negative_image_embeds=zero, latents=latents.clone(), guidance_scale=1.0, num_inference_steps=steps,
        height=picture.height, width=picture.width, output_type="pt").images * 0.5 + 0.5
    return out


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("pack")
    parser.add_argument("picture")
    parser.add_argument("--tensors", help="what `fader preprocess --tensors` wrote")
    parser.add_argument("--out", help="where the picture that is drawn again goes")
    parser.add_argument("--scenes", help="what `fader scenes` wrote")
    arguments = parser.parse_args()
    description = json.load(open(os.path.join(arguments.pack, "pack.json")))
    picture = Image.open(arguments.picture).convert("RGB")
    assert picture.size == (description["width"], description["height"]), picture.size
    if load_text(arguments.pack) is None:
        print("no text tower")
    elif arguments.scenes:
        retrieval(arguments.pack, arguments.scenes)
    out = run(arguments.pack, picture, description["steps"], description["invertSteps"])
    if arguments.out:
        bytes = (out["image"][0].clamp(0, 1).permute(1, 2, 0).numpy() * 255).round().astype("uint8")
        Image.fromarray(bytes).save(arguments.out)
    others = load_file(arguments.tensors) if arguments.tensors else {}
    failed = False
    for name, tensor in out.items():
        line = f"{name:20s} {str(tuple(tensor.shape)):20s} mean {tensor.mean():+.4f} deviation {tensor.std():.4f}"
        if name in others:
            error = float((tensor - others[name].float()).norm() / tensor.norm())
            failed |= not error <= LIMIT
            line += f" error {error:.1e}"
        print(line)
    sys.exit(1 if failed else 0)


main()
