#!/usr/bin/env python3
"""Write the text fixtures of SteeringTests: a tokenizer, small networks of random weights, and what the references make of texts.

    python3 make_text_fixtures.py

SteeringTests/Fixtures/text:
    prior/                   text_encoder, tokenizer, prior and scheduler in the layout of the published repositories; they go with the
                             pack "square", whose image tower gives the embedding of no picture
    strings.json             1,000 strings and their tokens without padding, as transformers' CLIPTokenizer gives them
    tokenizers.json          other ways to write a tokenizer's special tokens down, with strings and their tokens
    tokenizer.json           the tokenizer in one file, as transformers saves it
    tokenizer_files.json     that file alone or with one of the other ways beside it, with strings and their tokens
    expected.json            what was asked of the networks
    expected.safetensors     what they computed in float32

Made with torch 2.13.0, diffusers 0.42.1, transformers 5.23.0, tokenizers 0.23.3 and safetensors 0.8.0.
"""

import collections
import json
import pathlib
import random
import shutil
import tempfile
import unicodedata

import torch
from diffusers import KandinskyV22PriorPipeline, PriorTransformer, UnCLIPScheduler
from safetensors.torch import save_file
from tokenizers.pre_tokenizers import ByteLevel
from transformers import CLIPImageProcessor, CLIPTextConfig, CLIPTextModelWithProjection, CLIPTokenizer, CLIPVisionModelWithProjection

FIXTURES = pathlib.Path(__file__).resolve().parent.parent / "SteeringTests" / "Fixtures"
FOLDER = FIXTURES / "text"
EMBEDDING_WIDTH = 24  # that of the pack "square"
MERGES = 400
START, END = "<|startoftext|>", "<|endoftext|>"

CORPUS = """
a photo of a small red circle on green grass at noon with a thin border
the drawing shows three large blue squares under a dark sky at night
two yellow triangles on the sand by the sea in the morning light
a painting of an old house beside the river, in the style of a woodcut
it's a portrait of the painter's daughter; she's holding a candle
there are many birds above the mountains and the sun is setting behind them
a close-up photograph of a flower with water drops on its petals
the quick brown fox jumps over the lazy dog 0123456789 times
they've seen what we'll do and you're right that i'd rather not, don't they?
an astronaut riding a horse on the moon, highly detailed, 4k
ein kleines haus am see, grüne wiesen und weiße wolken über den bergen
une petite maison près de la forêt, où l'été dure toujours
красный круг на зелёной траве под синим небом
ένα μικρό σπίτι δίπλα στη θάλασσα
東京の夜景と赤い橋 一只小猫坐在窗前
"""

HANDWRITTEN = [
    "", " ", "\t\n\r\x0b\x0c", "a", "A", "  a photo   of\ta\ncat  ", "It's the painter's. They'VE gone; I'll say 'hello'.",
    "''s 's's 'S 'LL 're've", "don't can't won't we'd you're I'm", "rock'n'roll", "1234567890", "a1b22c333",
    "3.14159, 1/2, 50%, $9.99, №7, ½ ² Ⅷ ①", "１２３ ａｂｃ ＡＢＣ", "&lt;b&gt; &amp;amp; &#39;quoted&#39; &nbsp;", "<b>bold</b>",
    "http://example.org/a?b=c&d=%20#e", "mail@example.org", "C:\\dir\\file.txt", "a_b-c+d=e*f^g~h`i|j", "!?!?...---",
    "“quotes” ‘single’ «guillemets» …", "e\u0301 é E\u0301 É", "x\u0302\u0323 q\u0307\u0323", "Å \u212b A\u030a", "ﬁ ﬂ ﬀ ŉ ǰ",
    "İstanbul ıI iİ", "ΑΣ ΣΑΣ ὈΔΥΣΣΕΎΣ", "STRASSE straße STRAẞE", "ǅ ǆ Ǆ ǈ", "\u1100\u1161\u11a8 한국어 \uac00\u11a8", "日本語 中文 カタカナ ひらがな",
    "か\u3099 が ｶﾞ", "हिन्दी में पाठ", "ภาษาไทย", "עברית שָׁלוֹם", "العربية مُحَمَّد", "ქართული ႠႡ Ა", "😀 😃 🎨", "👩‍👩‍👧‍👦 👍🏽 🇩🇪🇫🇷 ❤️ 1️⃣",
    "a\u200bb\u200cc\u200dd\ufeffe", "\u00a0\u1680\u2003\u2028\u2029\u202f\u205f\u3000 x", "a\u0085b\u001cc\u180ed",
    "\x00 \x01\x02 \x7f \x80 \x9f", "\ufffd \uffff \ue000 \U0010ffff", "𝕳𝖊𝖑𝖑𝖔 𝟙𝟚𝟛 𝒳", "a\u0301\u0301\u0301\u0301\u0301", "Ω Ω K K",
    "the <|endoftext|> cat", "<|ENDOFTEXT|>!! ?<|EndOfText|>", "x<|startoftext|>y", "<|StartOfText|>a", "<|startoftext|><|endoftext|>",
    "<|endoftext|", "|endoftext|>", "<|end oftext|>", "<|endoftext|><|endoftext|>s", "'<|startoftext|>'s", "!" * 40,
    "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", "ab" * 60, "red " * 90, "a " * 74 + "b", "a " * 75 + "b", "a " * 76 + "b", "x" * 74,
    "x" * 75, "x" * 76, "7" * 80, "é" * 80, "日" * 80, "😀" * 40, "<|endoftext|>" * 80,
]

POOLS = {
    "words": CORPUS.split(),
    "contractions": ["'s", "'t", "'re", "'ve", "'m", "'ll", "'d", "'S", "'T", "'x", "'", "''"],
    "spaces": list(" \t\n\r\u00a0\u2003\u3000\u2028") + ["  ", " \n "],
    "digits": list("0123456789٣४๕²¾Ⅻ㊿"),
    "punctuation": list("!\"#$%&()*+,-./:;<=>?@[\\]^_`{|}~¡¿§¶†‡•‰€£¥©®™°±×÷"),
    "latin": list("ÀÁÂÃÄÅÆÇÈÉÊËÌÍÎÏÐÑÒÓÔÕÖØÙÚÛÜÝÞßàáâãäåæçèéêëìíîïðñòóôõöøùúûüýþÿĀāĂăĄąĆćŁłŐőŒœŠšŽžƏƐǍǎȘșẞỲỳ"),
    "other": list("ΑΒΓΔΩαβγδςσωЖЗИЙжзийЁёІіԱաႠⴀᏣꭰאבגدذرअआককाกขကကိ가각힣あアー漢字龍𠀀"),
    "marks": list("\u0300\u0301\u0302\u0303\u0304\u0307\u0308\u030a\u0323\u0327\u0328\u0345\u05b0\u064b\u093f\u0e31\u3099\u20e3\ufe0f"),
    "emoji": ["😀", "🎨", "👍🏽", "👩‍🚀", "🇯🇵", "❤️", "☀", "♟", "🏳️‍🌈", "\U0001fae0"],
    "control": list("\x00\x01\x07\x08\x1b\x1c\x1f\x7f\x85\x9f\xad\u200b\u200d\u200e\u2060\ufeff\ufff9"),
    "entities": ["&amp;", "&lt;", "&#x27;", "&eacute;", "<br/>", "</w>", "Ġ", "##"],
    "special": [START, END, START.upper(), END.title(), "<|", "|>", "startoftext"],
}


def train(corpus):
    """Byte-pair merges of a text, most frequent first, ties by the alphabet."""
    alphabet = ByteLevel(add_prefix_space=False, use_regex=False)
    words = collections.Counter()
    for word in corpus.lower().split():
        letters = list(alphabet.pre_tokenize_str(word)[0][0])
        words[tuple(letters[:-1] + [letters[-1] + "</w>"])] += 1
    merges = []
    while len(merges) < MERGES:
        pairs = collections.Counter()
        for word, count in words.items():
            for pair in zip(word, word[1:]):
                pairs[pair] += count
        best = min(pairs, key=lambda pair: (-pairs[pair], pair))
        merges.append(best)
        words = collections.Counter({joined(word, best): count for word, count in words.items()})
    return merges


def joined(word, pair):
    out, index = [], 0
    while index < len(word):
        if word[index:index + 2] == pair:
            out.append("".join(pair))
            index += 2
        else:
            out.append(word[index])
            index += 1
    return tuple(out)


def write_vocabulary(folder):
    folder.mkdir(parents=True)
    merges = train(CORPUS)
    letters = sorted(ByteLevel.alphabet())
    tokens = letters + [letter + "</w>" for letter in letters] + ["".join(pair) for pair in merges] + [START, END]
    numbers = {token: number for number, token in enumerate(tokens)}
    (folder / "vocab.json").write_text(json.dumps(numbers, ensure_ascii=False, separators=(",", ":")))
    (folder / "merges.txt").write_text("#version: 0.2\n" + "".join(f"{left} {right}\n" for left, right in merges))


def described(content, normalized, kind=True):
    token = {"content": content, "lstrip": False, "normalized": normalized, "rstrip": False, "single_word": False}
    return {"__type": "AddedToken", **token} if kind else token


# The first is how the published repositories write it.
SETTINGS = {
    "published": (
        {"add_prefix_space": False, "bos_token": described(START, True), "do_lower_case": True, "eos_token": described(END, True),
         "errors": "replace", "model_max_length": 77, "pad_token": END, "tokenizer_class": "CLIPTokenizer",
         "unk_token": described(END, True)},
        {"bos_token": described(START, True, kind=False), "eos_token": described(END, True, kind=False), "pad_token": END,
         "unk_token": described(END, True, kind=False)}),
    "plain": ({"bos_token": START, "eos_token": END, "unk_token": END, "pad_token": "!", "model_max_length": 20}, None),
    "map": ({"model_max_length": 16, "bos_token": START, "pad_token": END},
            {"bos_token": described(START, True, kind=False), "eos_token": described(END, True, kind=False), "pad_token": "!",
             "unk_token": described(END, True, kind=False)}),
    "added": ({"model_max_length": 24, "bos_token": START, "eos_token": END, "unk_token": END, "pad_token": END,
               "added_tokens_decoder": {"912": described(START, False, kind=False), "913": described(END, True, kind=False)}},
              {"pad_token": "!"}),
    "defaults": ({"model_max_length": 12}, None),
}
SETTINGS_STRINGS = ["", "a red circle!", f"x {END} y {START} z", f"{END.upper()} {START.upper()} !?!", "it's the painter's 3 houses " * 4]


def write_settings(folder, name):
    for file, content in zip(["tokenizer_config.json", "special_tokens_map.json"], SETTINGS[name]):
        (folder / file).unlink(missing_ok=True)
        if content is not None:
            (folder / file).write_text(json.dumps(content, indent=1) + "\n")


def strings(count):
    source = random.Random(5)
    out = list(HANDWRITTEN)
    assigned = [code for code in range(0x20000) if unicodedata.category(chr(code)) not in ("Cn", "Cs", "Co")]
    while len(out) < count:
        kind = source.randrange(4)
        if kind == 0:
            text = " ".join(source.choices(POOLS["words"], k=source.randint(1, 12)))
            text = source.choice([str, str.upper, str.title])(text)
        elif kind == 1:
            pool = POOLS[source.choice(list(POOLS))] + POOLS[source.choice(list(POOLS))]
            text = "".join(source.choices(pool, k=source.randint(1, 16)))
        elif kind == 2:
            pieces = [source.choice(POOLS[source.choice(list(POOLS))]) + source.choice(["", " "]) for _ in range(source.randint(1, 12))]
            text = "".join(pieces)
        else:
            text = "".join(chr(source.choice(assigned)) for _ in range(source.randint(1, 10)))
        out.append(text)
    return out


def tokens(tokenizer, text):
    """Cut to the tokenizer's length, with the padding left out."""
    encoded = tokenizer(text, padding="max_length", truncation=True, max_length=tokenizer.model_max_length)
    count = sum(encoded.attention_mask)
    assert encoded.attention_mask == [1] * count + [0] * (len(encoded.input_ids) - count)
    assert all(token == tokenizer.pad_token_id for token in encoded.input_ids[count:])
    return encoded.input_ids[:count]


def write_strings(tokenizer):
    listed = [{"text": text, "tokens": tokens(tokenizer, text)} for text in strings(1000)]
    lines = ",\n".join(json.dumps(entry, ensure_ascii=False, separators=(",", ":")) for entry in listed)
    (FOLDER / "strings.json").write_text("[\n" + lines + "\n]\n")
    assert len({tuple(entry["tokens"]) for entry in listed}) > 900


def write_settings_strings(folder):
    out = []
    for name, (config, special) in SETTINGS.items():
        with tempfile.TemporaryDirectory() as copy:
            copy = pathlib.Path(copy)
            for file in ["vocab.json", "merges.txt"]:
                shutil.copy(folder / file, copy)
            write_settings(copy, name)
            tokenizer = CLIPTokenizer.from_pretrained(copy)
            listed = [{"text": text, "tokens": tokens(tokenizer, text)} for text in SETTINGS_STRINGS]
        # Each file as one text, so that a test can write it as it stands.
        out.append({"name": name, "config": json.dumps(config), "map": json.dumps(special) if special else None,
                    "length": tokenizer.model_max_length, "padding": tokenizer.pad_token_id, "strings": listed})
    (FOLDER / "tokenizers.json").write_text(json.dumps(out, ensure_ascii=False, indent=1) + "\n")


# Whether the start and the end are looked for in the normalised text, as tokenizer.json has it; and what stands beside it.
FILES = {
    "alone": (True, False, None),
    "alone, the other way round": (False, True, None),
    "published": (False, True, "published"),
    "plain": (True, False, "plain"),
    "map": (True, True, "map"),
    "added": (True, False, "added"),
}


def write_tokenizer_file(folder):
    """tokenizer.json, with which every string has the tokens that it has without it."""
    with tempfile.TemporaryDirectory() as copy:
        copy = pathlib.Path(copy)
        CLIPTokenizer.from_pretrained(folder).save_pretrained(copy)
        saved = json.loads((copy / "tokenizer.json").read_text())
    (FOLDER / "tokenizer.json").write_text(json.dumps(saved, ensure_ascii=False, separators=(",", ":")) + "\n")
    out = []
    for name, (start, end, settings) in FILES.items():
        for token, normalized in zip(saved["added_tokens"], [start, end]):
            token["normalized"] = normalized
        with tempfile.TemporaryDirectory() as copy:
            copy = pathlib.Path(copy)
            (copy / "tokenizer.json").write_text(json.dumps(saved))
            if settings:
                write_settings(copy, settings)
            tokenizer = CLIPTokenizer.from_pretrained(copy)
        if not settings:
            tokenizer.model_max_length = 77  # CLIP's: the file says nothing of it
        listed = [{"text": text, "tokens": tokens(tokenizer, text)} for text in SETTINGS_STRINGS]
        if name == "alone":
            assert all(tokens(tokenizer, entry["text"]) == entry["tokens"] for entry in json.loads((FOLDER / "strings.json").read_text()))
        out.append({"name": name, "normalised": [start, end], "settings": settings, "length": tokenizer.model_max_length,
                    "padding": tokenizer.pad_token_id, "strings": listed})
    (FOLDER / "tokenizer_files.json").write_text(json.dumps(out, ensure_ascii=False, indent=1) + "\n")


@torch.no_grad()
def randomise(model, seed):
    """Spreads activations as trained weights do, in numbers that float16 holds."""
    generator = torch.Generator().manual_seed(seed)
    for name, parameter in model.named_parameters():
        values = torch.randn(parameter.shape, generator=generator)
        if "norm" in name and name.endswith("weight"):
            values = 1 + values * 0.1
        elif parameter.ndim == 2 and "embedding.weight" not in name:
            values = values / parameter.shape[1] ** 0.5
        elif name.endswith("bias"):
            values = values * 0.1
        parameter.copy_(values.half().float())
    return model.eval()


def text_tower(vocabulary):
    return randomise(CLIPTextModelWithProjection(CLIPTextConfig(
        vocab_size=vocabulary, hidden_size=EMBEDDING_WIDTH, intermediate_size=48, num_hidden_layers=2, num_attention_heads=3,
        max_position_embeddings=77, projection_dim=EMBEDDING_WIDTH, hidden_act="gelu", bos_token_id=0, eos_token_id=2, pad_token_id=1)), 1)


def prior_network():
    prior = randomise(PriorTransformer(num_attention_heads=2, attention_head_dim=8, num_layers=2, embedding_dim=EMBEDDING_WIDTH), 2)
    with torch.no_grad():
        prior.clip_std.abs_()
    return prior


PROMPTS = {
    "plain": dict(prompt="a small red circle on green grass", guidance_scale=4.0, num_inference_steps=25, seed=3),
    "unguided": dict(prompt="a small red circle on green grass", guidance_scale=1.0, num_inference_steps=5, seed=4),
    "negative": dict(prompt="an old house beside the river", negative_prompt="a dark sky at night", guidance_scale=4.0,
                     num_inference_steps=6, seed=5),
    "long": dict(prompt="many birds above the mountains " * 20, guidance_scale=2.5, num_inference_steps=4, seed=6),
}
END_PROBE = 5
SCHEDULES = {
    "sample": dict(prediction_type="sample", clip_sample_range=10.0),
    "clamped": dict(prediction_type="sample", clip_sample_range=0.5),
    "epsilon": dict(prediction_type="epsilon", clip_sample_range=1.0),
    "free": dict(prediction_type="epsilon", clip_sample=False, num_train_timesteps=60),
}


@torch.no_grad()
def compute(tokenizer, tower, prior, scheduler):
    out = {}
    texts = ["a small red circle", "they've seen what we'll do " * 20, ""]
    ids = tokenizer(texts, padding="max_length", truncation=True, return_tensors="pt")
    encoded = tower(ids.input_ids)
    out["tower.tokens"], out["tower.states"], out["tower.embedding"] = ids.input_ids, encoded.last_hidden_state, encoded.text_embeds

    # Tokens among which the greatest is neither the first end nor the last token; the last text has no end at all.
    probe = torch.tensor([[9, 5, 900, 5, 7], [900, 901, 5, 900, 5], [1, 2, 3, 4, 6]])
    out["probe.tokens"] = probe
    out["probe.greatest"] = tower(probe).text_embeds
    config = CLIPTextConfig(**{**tower.config.to_dict(), "eos_token_id": END_PROBE})
    other = CLIPTextModelWithProjection(config).eval()
    other.load_state_dict(tower.state_dict())
    out["probe.first"] = other(probe).text_embeds

    noisy = torch.randn(3, EMBEDDING_WIDTH, generator=torch.Generator().manual_seed(8))
    out["prior.noisy"] = noisy
    out["prior.prediction"] = prior(
        noisy, timestep=torch.tensor(500), proj_embedding=encoded.text_embeds, encoder_hidden_states=encoded.last_hidden_state,
        attention_mask=ids.attention_mask.bool()).predicted_image_embedding

    images = CLIPVisionModelWithProjection.from_pretrained(FIXTURES / "square/pack/prior/image_encoder", dtype=torch.float32)
    pipeline = KandinskyV22PriorPipeline(
        prior=prior, image_encoder=images, text_encoder=tower, tokenizer=tokenizer, scheduler=scheduler,
        image_processor=CLIPImageProcessor())
    pipeline.set_progress_bar_config(disable=True)
    for name, request in PROMPTS.items():
        request = dict(request)
        generator = torch.Generator().manual_seed(request.pop("seed"))
        found = pipeline(**request, generator=generator)
        out[f"prompt.{name}.image_embeds"], out[f"prompt.{name}.negative_image_embeds"] = found.image_embeds, found.negative_image_embeds
    for name, options in SCHEDULES.items():
        out[f"schedule.{name}"] = sampled(UnCLIPScheduler(**options), 7)
    return out


def sampled(scheduler, steps):
    """What the scheduler makes of a function that only looks like a network: sin(3x + t / 1000)."""
    generator = torch.Generator().manual_seed(9)
    x = torch.randn(2, 5, generator=generator)
    scheduler.set_timesteps(steps)
    following = list(scheduler.timesteps[1:]) + [None]
    for timestep, after in zip(scheduler.timesteps, following):
        x = scheduler.step(torch.sin(x * 3 + timestep / 1000), timestep, x, prev_timestep=after, generator=generator).prev_sample
    return x


def main():
    torch.set_num_threads(1)
    shutil.rmtree(FOLDER, ignore_errors=True)
    folder = FOLDER / "prior/tokenizer"
    write_vocabulary(folder)
    write_settings(folder, "published")
    tokenizer = CLIPTokenizer.from_pretrained(folder)
    write_strings(tokenizer)
    write_settings_strings(folder)
    write_tokenizer_file(folder)

    tower, prior = text_tower(len(tokenizer)), prior_network()
    scheduler = UnCLIPScheduler(clip_sample=True, clip_sample_range=10.0, prediction_type="sample", variance_type="fixed_small_log")
    out = compute(tokenizer, tower, prior, scheduler)
    save_file({name: tensor.contiguous() for name, tensor in out.items()}, FOLDER / "expected.safetensors")
    (FOLDER / "expected.json").write_text(json.dumps({"prompts": PROMPTS, "schedules": SCHEDULES, "endProbe": END_PROBE}, indent=1) + "\n")
    tower.half().save_pretrained(FOLDER / "prior/text_encoder")
    prior.half().save_pretrained(FOLDER / "prior/prior")
    scheduler.save_pretrained(FOLDER / "prior/scheduler")


if __name__ == "__main__":
    main()
