#!/usr/bin/env python3
"""Write the fixtures of PublishedAutoencoderTests: small sparse autoencoders as libraries publish them, and what their formulas give.

    python3 make_autoencoder_fixtures.py

Each formula is written out here in plain PyTorch as it stands in its library: SAELens 6.54 (sae_lens/saes), dictionary_learning 0.1
(dictionary.py, trainers), OpenAI's sparse_autoencoder (model.py), ViT-Prisma 2 (sae/sae.py) and Overcomplete 0.3 (overcomplete/sae).
Made with torch 2.13.0 and safetensors 0.8.0.
"""

import collections
import json
import pathlib
import shutil

import torch
from safetensors.torch import save_file

FIXTURES = pathlib.Path(__file__).resolve().parent.parent / "NetworksTests" / "Fixtures" / "autoencoders"
WIDTH, COUNT, BATCH = 6, 10, 5


class Drawn:
    """Random parameters of one autoencoder."""

    def __init__(self, seed, dtype=torch.float32):
        self.generator = torch.Generator().manual_seed(seed)
        self.dtype = dtype
        self.x = self.draw(BATCH, WIDTH) * 2 + 0.3
        self.encoder = self.draw(COUNT, WIDTH)
        self.encoder_bias = self.draw(COUNT) * 0.3
        self.directions = self.draw(COUNT, WIDTH)
        self.bias = self.draw(WIDTH) * 0.5
        self.threshold = self.draw(COUNT).abs() * 0.5

    def draw(self, *shape):
        return torch.randn(*shape, generator=self.generator).to(self.dtype)


def norm_none(x):
    return x, 1.0, 0.0


def norm_layer(x):
    """SAELens's and OpenAI's: what comes in, and the factor and the summand that go on again."""
    mean = x.mean(-1, keepdim=True)
    deviation = (x - mean).std(-1, keepdim=True)
    return (x - mean) / (deviation + 1e-5), deviation, mean


def norm_constant(x):
    factor = WIDTH**0.5 / x.norm(dim=-1, keepdim=True)
    return x * factor, 1 / factor, 0.0


def relu(pre):
    return pre.relu()


def topk(k):
    def activation(pre):
        top = pre.topk(k, dim=-1)
        return torch.zeros_like(pre).scatter(-1, top.indices, top.values.relu())
    return activation


def jump(threshold):
    return lambda pre: pre.relu() * (pre > threshold)


def results(x, encode, decode, directions):
    """What the tests expect; `decode` also takes the embedding, for what normalising took away."""
    x = x.double()
    features = encode(x)
    edited = features.clone()
    edited[:, 2] += 1.5
    edited[:, 7] -= 0.5
    moved = x + decode(edited, x) - decode(features, x)
    return {"embeddings": x, "features": features, "reconstruction": decode(features, x), "directions": directions, "moved": moved}


def published(drawn, activation, normalise=norm_none, subtracts=True, directions=None, bias=None):
    """`act((n(x) − b) W + a)` and `n⁻¹(f D + b)`, which most libraries have."""
    double = {k: v.double() for k, v in vars(drawn).items() if isinstance(v, torch.Tensor)}
    directions = double["directions"] if directions is None else directions
    bias = double["bias"] if bias is None else bias

    def encode(x):
        inner = normalise(x)[0]
        return activation((inner - bias if subtracts else inner) @ double["encoder"].T + double["encoder_bias"])

    def decode(features, x):
        _, factor, summand = normalise(x)
        return (features @ directions + bias) * factor + summand

    return results(drawn.x, encode, decode, directions)


def write(name, expected, files, config=None):
    folder = FIXTURES / name
    folder.mkdir(parents=True)
    save_file({k: v.contiguous().float() for k, v in expected.items()}, folder / "expected.safetensors")
    (folder / "sae").mkdir()
    for file, content in files.items():
        content(folder / "sae" / file)
    if config:
        file, options = config
        (folder / "sae" / file).write_text(json.dumps(options, indent=1) + "\n")


def safe(tensors):
    return lambda path: save_file({k: v.contiguous() for k, v in tensors.items()}, path)


def saved(state, **options):
    return lambda path: torch.save(state, path, **options)


def lens_tensors(drawn, **more):
    return {"W_enc": drawn.encoder.T, "b_enc": drawn.encoder_bias, "W_dec": drawn.directions, "b_dec": drawn.bias, **more}


def lens_config(architecture, **more):
    return {
        "d_in": WIDTH, "d_sae": COUNT, "dtype": "float32", "device": "cpu", "apply_b_dec_to_input": True, "normalize_activations": "none",
        "reshape_activations": "none", "metadata": {"sae_lens_version": "6.54.12", "model_name": "clip", "hook_name": "image_embeds"},
        "architecture": architecture, **more}


def saelens():
    file = "sae_weights.safetensors"
    drawn = Drawn(1)
    write("saelens-standard", published(drawn, relu), {file: safe(lens_tensors(drawn))}, ("cfg.json", lens_config("standard")))
    drawn = Drawn(2, torch.float16)
    write("saelens-half-no-bias", published(drawn, relu, subtracts=False), {file: safe(lens_tensors(drawn))},
          ("cfg.json", lens_config("standard", apply_b_dec_to_input=False, dtype="float16")))
    drawn = Drawn(3)
    norms = drawn.directions.double().norm(dim=-1)
    write("saelens-topk-rescaled", published(drawn, lambda pre: topk(3)(pre * norms), directions=drawn.directions.double() / norms[:, None]),
          {file: safe(lens_tensors(drawn))}, ("cfg.json", lens_config("topk", k=3, rescale_acts_by_decoder_norm=True)))
    drawn = Drawn(4)
    write("saelens-topk", published(drawn, topk(4)), {file: safe(lens_tensors(drawn))}, ("cfg.json", lens_config("topk", k=4)))
    drawn = Drawn(5, torch.bfloat16)
    write("saelens-jumprelu", published(drawn, jump(drawn.threshold.double())), {file: safe(lens_tensors(drawn, threshold=drawn.threshold))},
          ("cfg.json", lens_config("jumprelu")))
    drawn = Drawn(6)
    write("saelens-layer-norm", published(drawn, jump(drawn.threshold.double()), norm_layer),
          {file: safe(lens_tensors(drawn, threshold=drawn.threshold))},
          ("cfg.json", lens_config("jumprelu", normalize_activations="layer_norm")))
    drawn = Drawn(7)
    write("saelens-constant-norm", published(drawn, relu, norm_constant), {file: safe(lens_tensors(drawn))},
          ("cfg.json", lens_config("standard", normalize_activations="constant_norm_rescale")))
    drawn, factor = Drawn(8), 0.7
    folded = Drawn(8)
    folded.encoder, folded.directions, folded.bias = drawn.encoder * factor, drawn.directions / factor, drawn.bias / factor
    write("saelens-average-norm", published(folded, relu), {file: safe(lens_tensors(drawn))},
          ("cfg.json", lens_config("standard", normalize_activations="expected_average_only_in", norm_scaling_factor=factor)))
    drawn = Drawn(9)
    write("saelens-average-norm-outside", published(drawn, relu), {file: safe(lens_tensors(drawn))},
          ("cfg.json", lens_config("standard", normalize_activations="expected_average_only_in")))
    drawn = Drawn(10)
    scale = drawn.draw(COUNT).abs() + 0.5
    write("saelens-old-tuned", published(drawn, topk(3), directions=drawn.directions.double() * scale.double()[:, None]),
          {file: safe(lens_tensors(drawn, scaling_factor=scale)), "sparsity.safetensors": safe({"sparsity": torch.zeros(COUNT)})},
          ("cfg.json", {"d_in": WIDTH, "d_sae": COUNT, "activation_fn_str": "topk", "activation_fn_kwargs": {"k": 3}, "l1_coefficient": 5,
                        "finetuning_scaling_factor": True, "normalize_activations": False, "hook_point": "image_embeds"}))
    drawn = Drawn(11)
    norms, threshold = drawn.directions.double().norm(dim=-1), torch.tensor(0.8, dtype=torch.float64)
    write("saelens-batchtopk-checkpoint",
          published(drawn, lambda pre: jump(threshold)(pre * norms), directions=drawn.directions.double() / norms[:, None]),
          {file: safe(lens_tensors(drawn, topk_threshold=threshold))}, ("cfg.json", lens_config("batchtopk", k=3.5)))
    drawn = Drawn(12)
    own = {"encoder.weight": drawn.encoder, "enc_bias": drawn.encoder_bias, "decoder.weight": drawn.directions.T, "dec_bias": drawn.bias}
    write("own-names-with-cfg", published(drawn, topk(2), norm_layer), {"model.safetensors": safe(own)},
          ("cfg.json", lens_config("topk", k=2, normalize_activations="layer_norm")))


def learning_config(kind, **more):
    return {"trainer": {"dict_class": kind, "trainer_class": "Trainer", "activation_dim": WIDTH, "dict_size": COUNT, "lr": 1e-4, **more},
            "buffer": {"d_submodule": WIDTH, "io": "out"}}


def learning_state(drawn, bias, **more):
    return collections.OrderedDict({
        **more, bias: drawn.bias, "encoder.weight": drawn.encoder, "encoder.bias": drawn.encoder_bias, "decoder.weight": drawn.directions.T})


def dictionary_learning():
    drawn = Drawn(21)
    write("learning-standard", published(drawn, relu), {"ae.pt": saved(learning_state(drawn, "bias"))},
          ("config.json", learning_config("AutoEncoder")))
    drawn = Drawn(22, torch.float64)
    write("learning-new", published(drawn, relu, subtracts=False), {"ae.pt": saved(learning_state(drawn, "decoder.bias"), pickle_protocol=5)},
          ("config.json", learning_config("AutoEncoderNew")))
    drawn = Drawn(23)
    more = {"k": torch.tensor(3, dtype=torch.int), "threshold": torch.tensor(0.4)}
    write("learning-topk", published(drawn, topk(3)), {"ae.pt": saved(learning_state(drawn, "b_dec", **more))},
          ("config.json", learning_config("AutoEncoderTopK", k=3)))
    drawn = Drawn(24)
    write("learning-batchtopk", published(drawn, jump(torch.tensor(0.4).double())),
          {"ae.pt": saved({f"_orig_mod.{k}": v for k, v in learning_state(drawn, "b_dec", **more).items()})},
          ("config.json", learning_config("BatchTopKSAE", k=3)))
    drawn = Drawn(25)
    state = {**lens_tensors(drawn), **more, "group_sizes": torch.tensor([4, 6])}
    write("learning-matryoshka", published(drawn, jump(torch.tensor(0.4).double())), {"ae.pt": saved(state)},
          ("config.json", learning_config("MatryoshkaBatchTopKSAE", k=3, group_sizes=[4, 6])))
    drawn = Drawn(26)
    norms, threshold = drawn.directions.double().norm(dim=-1), drawn.threshold.double()
    write("learning-jumprelu",
          published(drawn, lambda pre: jump(threshold)(pre) * norms, subtracts=False, directions=drawn.directions.double() / norms[:, None]),
          {"ae.pt": saved(lens_tensors(drawn, threshold=drawn.threshold))}, ("config.json", learning_config("JumpReluAutoEncoder")))
    drawn = Drawn(27)
    write("learning-old-topk", published(drawn, topk(4)), {"ae.pt": saved(learning_state(drawn, "b_dec", k=torch.tensor(4)))})


def openai():
    def state(drawn, **more):
        return {"pre_bias": drawn.bias, "encoder.weight": drawn.encoder, "latent_bias": drawn.encoder_bias,
                "decoder.weight": drawn.directions.T, "stats_last_nonzero": torch.zeros(COUNT, dtype=torch.long),
                "latents_activation_frequency": torch.ones(COUNT), "latents_mean_square": torch.zeros(COUNT), **more}

    drawn = Drawn(31)
    write("openai-topk", published(drawn, topk(3), norm_layer),
          {"autoencoder.pt": saved(state(drawn, activation="TopK", activation_state_dict={"k": 3, "postact_fn": "ReLU"}))})
    drawn = Drawn(32)
    old = state(drawn, activation="ReLU", activation_state_dict=collections.OrderedDict())
    write("openai-relu", published(drawn, relu), {"autoencoder.pt": saved(old, _use_new_zipfile_serialization=False)})
    drawn = Drawn(33)
    drawn.directions = drawn.encoder
    tied = state(drawn, activation="ReLU")
    del tied["decoder.weight"]
    write("openai-tied", published(drawn, relu), {"autoencoder.pt": saved({**tied, "decoder.linear.weight": drawn.encoder})})


def prisma():
    base = {"model_class_name": "HookedViT", "hook_point_layer": 9, "d_in": WIDTH, "d_sae": COUNT, "expansion_factor": 2, "lr": 0.001,
            "dtype": {"__type__": "torch.dtype", "value": "torch.float32"}, "cls_token_only": True, "is_transcoder": False}
    drawn = Drawn(41)
    write("prisma-layer-norm", published(drawn, relu, norm_layer), {"weights.pt": saved({"state_dict": lens_tensors(drawn), "step": 12})},
          ("config.json", {**base, "activation_fn_str": "relu", "activation_fn_kwargs": {}}))
    drawn = Drawn(42)
    write("prisma-topk", published(drawn, topk(2)), {"weights.pt": saved({f"module.{k}": v for k, v in lens_tensors(drawn).items()})},
          ("config.json", {**base, "architecture": "standard", "activation_fn_str": "topk", "activation_fn_kwargs": {"k": 2},
                           "normalize_activations": "none"}))


def overcomplete():
    def write_it(name, drawn, state, encode, rows, config=None):
        write(name, results(drawn.x, encode, lambda features, x: features @ rows, rows), {"sae.pth": saved(state)}, config)

    def normalised(drawn):
        rows = drawn.directions.double()
        return rows / (rows.norm(dim=1, keepdim=True) + 1e-8)

    def state(drawn, **more):
        return {"encoder.final_block.0.weight": drawn.encoder, "encoder.final_block.0.bias": drawn.encoder_bias,
                "dictionary._weights": drawn.directions, "dictionary.multiplier": torch.tensor(0.0), **more}

    def linear(drawn):
        return lambda x: x @ drawn.encoder.double().T + drawn.encoder_bias.double()

    drawn = Drawn(51)
    write_it("overcomplete", drawn, state(drawn), lambda x: linear(drawn)(x).relu(), normalised(drawn))
    topped = Drawn(52)
    write_it("overcomplete-topk", topped, state(topped), lambda x: topk(3)(linear(topped)(x).relu()), normalised(topped),
             ("config.json", {"top_k": 3}))
    jumping = Drawn(53)
    thresholds, multiplier = jumping.draw(COUNT) - 1, torch.tensor(0.4)

    def jumped(x):
        codes = linear(jumping)(x).relu()
        return torch.where(codes < thresholds.double().exp(), 0.0, codes)

    write_it("overcomplete-jump", jumping, state(jumping, **{"thresholds": thresholds, "dictionary.multiplier": multiplier}), jumped,
             normalised(jumping) * multiplier.double().exp())
    batch = Drawn(54)
    weight, bias, mean, variance = batch.draw(COUNT), batch.draw(COUNT), batch.draw(COUNT), batch.draw(COUNT).abs() + 0.1
    block = "encoder.final_block.1."
    more = {block + "weight": weight, block + "bias": bias, block + "running_mean": mean, block + "running_var": variance,
            block + "num_batches_tracked": torch.tensor(7)}
    write_it("overcomplete-batch-norm", batch, state(batch, **more),
             lambda x: ((linear(batch)(x) - mean.double()) / (variance.double() + 1e-5).sqrt() * weight.double() + bias.double()).relu(),
             normalised(batch))
    tied = Drawn(55)
    rows = normalised(tied)
    write_it("overcomplete-tied", tied, {"dictionary._weights": tied.directions, "dictionary.multiplier": torch.tensor(0.0)},
             lambda x: (x @ rows.T).relu(), rows)


def main():
    shutil.rmtree(FIXTURES, ignore_errors=True)
    for family in [saelens, dictionary_learning, openai, prisma, overcomplete]:
        family()


if __name__ == "__main__":
    main()
