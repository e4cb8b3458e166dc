#!/usr/bin/env python3
"""Write the fixtures of SteeringTests: small packs of random weights, and what diffusers and transformers compute with them.

    python3 make_parity_fixtures.py

Each pack NAME becomes SteeringTests/Fixtures/NAME:
    pack/                    the layout of the published Kandinsky 2.2 repositories, weights in float16
    picture.png              the input
    expected.safetensors     every intermediate, computed in float32 from the rounded weights
    expected.json            sizes, steps, edits, and ownError: how far the reference's float32 result is from its float64 one,
                             tensor by tensor; no comparison can ask for less
and schedules.safetensors holds the noise levels and timesteps of diffusers' schedulers.

Made with torch 2.13.0, diffusers 0.42.1, transformers 5.23.0, safetensors 0.8.0, pillow 13.0.0 and numpy 2.4.6.
"""

import collections
import json
import math
import pathlib
import shutil

import numpy as np
import torch
from diffusers import DDIMInverseScheduler, DDIMScheduler, DDPMScheduler, KandinskyV22Pipeline, UNet2DConditionModel, VQModel
from PIL import Image
from safetensors.torch import save_file
from transformers import CLIPImageProcessor, CLIPVisionConfig, CLIPVisionModelWithProjection

FIXTURES = pathlib.Path(__file__).resolve().parent.parent / "SteeringTests" / "Fixtures"

LATENT_CHANNELS = 4
NOISE_SEED = 7
GUIDANCE = 4.0

# `picture` and `size` are width and height of the input and of what the model works on; `down` and `up` name the levels of the
# autoencoder that have attention, counted as its config does.
PACKS = {
    "square": dict(
        seed=1, picture=(32, 32), size=(32, 32), invert_steps=6, steps=5, describe=True,
        clip=dict(hidden_size=32, intermediate_size=64, num_hidden_layers=2, num_attention_heads=2, image_size=16, patch_size=8,
                  projection_dim=24, hidden_act="gelu"),
        features=64, channels=[8, 16], layers=1, head=8,
        movq=[32, 32], down=[1], up=[0], middle=True,
        schedule=dict(beta_end=0.004, clip_sample=True, steps_offset=1)),
    "landscape": dict(
        seed=2, picture=(101, 70), size=(48, 36), invert_steps=6, steps=5, describe=True, variant="fp16",
        clip=dict(hidden_size=48, intermediate_size=96, num_hidden_layers=2, num_attention_heads=3, image_size=24, patch_size=8,
                  projection_dim=20, hidden_act="quick_gelu"),
        features=100, channels=[8, 16], layers=2, head=4, epsilon=1e-3,
        movq=[64, 32], down=[], up=[1], middle=True,
        schedule=dict(beta_end=0.012, clip_sample=False, steps_offset=1)),
    "portrait": dict(
        seed=3, picture=(32, 48), size=(32, 48), invert_steps=7, steps=4, describe=False,
        clip=dict(hidden_size=32, intermediate_size=48, num_hidden_layers=1, num_attention_heads=4, image_size=16, patch_size=4,
                  projection_dim=24, hidden_act="gelu"),
        features=80, channels=[8, 16, 16], layers=1, head=8,
        movq=[32, 32, 32], down=[0, 2], up=[], middle=False,
        schedule=dict(beta_end=0.004, clip_sample=True, clip_sample_range=2.0, steps_offset=0, set_alpha_to_one=True)),
}


class Pack:
    """The networks of one pack, with weights that float16 holds exactly."""

    def __init__(self, facts):
        torch.manual_seed(facts["seed"])
        width = facts["clip"]["projection_dim"]
        side = facts["clip"]["image_size"]
        self.facts = facts
        self.clip = CLIPVisionModelWithProjection(CLIPVisionConfig(layer_norm_eps=1e-5, **facts["clip"])).eval()
        self.processor = CLIPImageProcessor(size={"shortest_edge": side}, crop_size=side, resample=3)
        self.unet = UNet2DConditionModel(**unet_config(facts, width)).eval()
        self.movq = VQModel(**movq_config(facts)).eval()
        with torch.no_grad():
            # The embedding is spread as a trained tower's is; a mild prediction keeps sampling well conditioned.
            self.clip.visual_projection.weight.mul_(8)
            self.unet.conv_out.weight.mul_(0.3)
        self.sae = collections.OrderedDict(
            [("enc_bias", torch.randn(facts["features"]) * 0.1 - 0.2), ("dec_bias", torch.randn(width) * 0.1),
             ("encoder.weight", torch.randn(facts["features"], width) / math.sqrt(width)),
             ("decoder.weight", torch.randn(width, facts["features"]) * 0.2)])
        self.sae = collections.OrderedDict((name, tensor.half()) for name, tensor in self.sae.items())
        schedule = dict(facts["schedule"])
        alpha_to_one = schedule.pop("set_alpha_to_one", False)
        self.scheduler = DDPMScheduler(num_train_timesteps=1000, beta_schedule="linear", beta_start=0.00085, **schedule)
        self.scheduler.register_to_config(set_alpha_to_one=alpha_to_one)

    def save(self, folder):
        """Writes the pack; a variant is part of the weight files' names."""
        variant = self.facts.get("variant")
        self.clip.half().save_pretrained(folder / "prior/image_encoder", variant=variant)
        self.processor.save_pretrained(folder / "prior/image_processor")
        self.unet.half().save_pretrained(folder / "decoder/unet", variant=variant)
        self.movq.half().save_pretrained(folder / "decoder/movq", variant=variant)
        self.scheduler.save_pretrained(folder / "decoder/scheduler")
        (folder / "sae").mkdir()
        torch.save(self.sae, folder.parent / "sparse_autoencoder.pth")
        save_file(dict(self.sae), folder / "sae/model.safetensors")
        if self.facts["describe"]:
            width, height = self.facts["size"]
            description = dict(width=width, height=height, steps=self.facts["steps"], invertSteps=self.facts["invert_steps"])
            (folder / "pack.json").write_text(json.dumps(description, indent=1) + "\n")

    @torch.inference_mode()
    def compute(self, picture, dtype, first=None):
        """Everything at one precision; `first` is an earlier result whose edits, edited embeddings and inverted latents are used again."""
        facts = self.facts
        width, height = facts["size"]
        pixel_values, arranged = self.inputs(picture)
        clip, unet, movq = self.clip.to(dtype), self.unet.to(dtype), self.movq.to(dtype)
        sae = {name: tensor.to(dtype) for name, tensor in self.sae.items()}
        out = {"clip.pixel_values": pixel_values.to(dtype)}
        embedding = out["image_embeds"] = clip(pixel_values.to(dtype)).image_embeds
        out["zero_embeds"] = clip(torch.zeros_like(pixel_values, dtype=dtype)).image_embeds
        features = out["sae.features"] = torch.relu(embedding @ sae["encoder.weight"].T + sae["enc_bias"])
        decode = lambda features: features @ sae["decoder.weight"].T + sae["dec_bias"]
        out["sae.reconstruction"] = decode(features)
        latents = out["movq.latents"] = movq.encode(arranged.to(dtype)).latents
        out["movq.reconstruction"] = movq.decode(latents, force_not_quantize=True).sample

        def predict(sample, timestep):
            return unet(sample, timestep, encoder_hidden_states=None, added_cond_kwargs={"image_embeds": embedding}).sample

        out["unet.output_at_t500"] = predict(latents, torch.tensor(500))
        out["inv_latents"] = self.invert(latents, predict)
        edits, start = (first[0], first[1]["inv_latents"].to(dtype)) if first else (choose_edits(features[0]), out["inv_latents"])
        for name, edit in edits.items():
            changed = features.clone()
            for index, value in edit.items():
                changed[0, index] = value
            edited = out[f"edit.{name}.embeds"] = decode(changed) + (embedding - out["sae.reconstruction"])
            if first:
                edited = first[1][f"edit.{name}.embeds"].to(dtype)
            out[f"edit.{name}.image"] = self.generate(edited, out["zero_embeds"], start, 1.0)
            if name == "stack":
                out[f"edit.{name}.image.guided"] = self.generate(edited, out["zero_embeds"], start, GUIDANCE)
        noise = torch.randn(latents.shape, generator=torch.Generator().manual_seed(NOISE_SEED))
        out["noise"] = noise.to(dtype)
        unedited = first[1]["image_embeds"].to(dtype) if first else embedding
        out["noise.image"] = self.generate(unedited, out["zero_embeds"], out["noise"], 1.0)
        return edits, out

    def inputs(self, picture):
        """The picture as the image tower and as the autoencoder take it."""
        fitted = picture.resize(self.facts["size"], Image.BICUBIC) if picture.size != self.facts["size"] else picture
        arranged = torch.from_numpy(np.asarray(fitted).astype("float32") / 127.5 - 1).permute(2, 0, 1)[None]
        return self.processor(picture, return_tensors="pt").pixel_values, arranged

    def invert(self, latents, predict):
        scheduler = DDIMInverseScheduler.from_config(self.scheduler.config)
        scheduler.set_timesteps(self.facts["invert_steps"])
        for timestep in scheduler.timesteps:
            latents = scheduler.step(predict(latents, timestep)[:, :LATENT_CHANNELS], timestep, latents).prev_sample
        return latents

    def generate(self, embedding, negative, start, guidance):
        width, height = self.facts["size"]
        pipeline = KandinskyV22Pipeline(unet=self.unet, scheduler=DDIMScheduler.from_config(self.scheduler.config), movq=self.movq)
        pipeline.set_progress_bar_config(disable=True)
        images = pipeline(
            image_embeds=embedding, negative_image_embeds=negative, latents=start.clone(), guidance_scale=guidance,
            num_inference_steps=self.facts["steps"], height=height, width=width, output_type="pt").images
        return images * 0.5 + 0.5


def unet_config(facts, embedding_width):
    attending = len(facts["channels"]) - 1
    return dict(
        act_fn="silu", addition_embed_type="image", addition_embed_type_num_heads=4, attention_head_dim=facts["head"],
        block_out_channels=facts["channels"], cross_attention_dim=16,
        down_block_types=["ResnetDownsampleBlock2D"] + ["SimpleCrossAttnDownBlock2D"] * attending,
        encoder_hid_dim=embedding_width, encoder_hid_dim_type="image_proj", in_channels=LATENT_CHANNELS, layers_per_block=facts["layers"],
        mid_block_type="UNetMidBlock2DSimpleCrossAttn", norm_eps=facts.get("epsilon", 1e-5), norm_num_groups=4,
        out_channels=2 * LATENT_CHANNELS, resnet_time_scale_shift="scale_shift", sample_size=16,
        up_block_types=["SimpleCrossAttnUpBlock2D"] * attending + ["ResnetUpsampleBlock2D"])


def movq_config(facts):
    levels = range(len(facts["movq"]))
    return dict(
        block_out_channels=facts["movq"], layers_per_block=1, latent_channels=LATENT_CHANNELS, vq_embed_dim=LATENT_CHANNELS,
        num_vq_embeddings=16, norm_num_groups=32, norm_type="spatial", sample_size=32, act_fn="silu",
        mid_block_add_attention=facts["middle"],
        down_block_types=["AttnDownEncoderBlock2D" if level in facts["down"] else "DownEncoderBlock2D" for level in levels],
        up_block_types=["AttnUpDecoderBlock2D" if level in facts["up"] else "UpDecoderBlock2D" for level in levels])


def choose_edits(features):
    """Nothing, one feature raised, the same one silenced, and several at once, one of them silent before."""
    top = [int(index) for index in features.topk(4).indices]
    silent = int((features == 0).nonzero()[0])
    return {
        "identity": {},
        "raise": {top[0]: float(features[top[0]]) * 2 + 1},
        "drop": {top[0]: 0.0},
        "stack": {index: place * 1.5 for place, index in enumerate(top)} | {silent: 5.0},
    }


def draw(width, height, seed):
    """A smooth picture with one hard edge."""
    random = np.random.default_rng(seed)
    y, x = np.mgrid[0:height, 0:width] / max(width, height)
    a, b, c = random.uniform(2, 9, 3)
    image = np.stack([np.sin(a * x + b * y), np.cos(b * y - c * x * x), np.sin(c * x * y * 4)], -1) * 0.5 + 0.5
    image[(x - 0.4) ** 2 + (y - 0.3) ** 2 < 0.03] = random.uniform(0, 1, 3)
    return Image.fromarray((image * 255).round().astype("uint8"))


def own_errors(found, exact):
    return {name: float((found[name].double() - exact[name]).norm() / exact[name].norm().clamp_min(1e-12)) for name in found}


def write_pack(name, facts):
    folder = FIXTURES / name
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    pack = Pack(facts)
    pack.save(folder / "pack")
    picture = draw(*facts["picture"], facts["seed"])
    picture.save(folder / "picture.png", optimize=True)
    edits, out = pack.compute(picture, torch.float32)
    _, exact = pack.compute(picture, torch.float64, first=(edits, out))
    errors = own_errors(out, exact)
    # contiguous() keeps a channels-last stride; cloning with a memory format does not.
    save_file({key: tensor.clone(memory_format=torch.contiguous_format) for key, tensor in out.items()}, folder / "expected.safetensors")
    width, height = facts["size"]
    listed = {key: dict(indices=list(edit), values=list(edit.values())) for key, edit in edits.items()}
    summary = dict(
        width=width, height=height, invertSteps=facts["invert_steps"], steps=facts["steps"], noiseSeed=NOISE_SEED, guidance=GUIDANCE,
        edits=listed, ownError=errors)
    (folder / "expected.json").write_text(json.dumps(summary, indent=1) + "\n")
    worst = max(errors, key=errors.get)
    print(f"{name}: own error up to {errors[worst]:.1e} in {worst}, {int((out['sae.features'] > 0).sum())} live features")


def write_schedules():
    """Noise levels and timesteps for ScheduleTests."""
    out = {}
    for name, beta_end in [("mild", 0.004), ("published", 0.012)]:
        scheduler = DDIMScheduler(beta_start=0.00085, beta_end=beta_end, beta_schedule="linear", steps_offset=1)
        out[f"{name}.signal"] = scheduler.alphas_cumprod
        for steps in (4, 7, 20, 40, 50):
            scheduler.set_timesteps(steps)
            out[f"{name}.timesteps.{steps}"] = scheduler.timesteps.clone()
    save_file(out, FIXTURES / "schedules.safetensors")


def main():
    torch.set_num_threads(1)
    for name, facts in PACKS.items():
        write_pack(name, facts)
    write_schedules()


if __name__ == "__main__":
    main()
