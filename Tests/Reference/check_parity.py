#!/usr/bin/env python3
"""Compare the fader program with what diffusers and transformers computed for a reference pack.

    python3 check_parity.py [--dtype bfloat16] FADER OUT...        each OUT as reference_pack.py wrote it

Prints the relative error of every tensor and exits with 1 when one is above its bar: 1e-4, for decoded pictures 1e-3,
or five times the reference's own float32 error where that is worse. That error is measured from the reference's own inverted latents, so
generate starts there too; what it makes from Fader's own latents is printed beside it, and is bound by a bar only where rounding is not
amplified. In another type than float32 the errors are printed and nothing is bound. Needs numpy, safetensors, pillow.
"""
import argparse, base64, io, json, os, subprocess, sys, tempfile
import numpy as np
from PIL import Image
from safetensors.numpy import load_file


def run(fader, *arguments, request=None):
    result = subprocess.run([fader, *arguments, "-q"], input=request, capture_output=True)
    if result.returncode:
        sys.exit(f"fader {' '.join(arguments)}: {result.stderr.decode().strip()}")
    return json.loads(result.stdout)


def relative(found, expected):
    found, expected = found.astype("float64"), expected.astype("float64")
    return float(np.linalg.norm(found - expected) / max(np.linalg.norm(expected), 1e-12)) if found.shape == expected.shape else float("inf")


def compare(fader, out, dtype):
    facts, expected = json.load(open(f"{out}/expected.json")), load_file(f"{out}/expected.safetensors")
    failures, names = 0, set()

    def report(name, found, picture=False, note="", bound=True):
        nonlocal failures
        names.add(name)
        own = facts["own_error"].get(name, 0)
        bar = max(1e-3 if picture else 1e-4, 5 * own)
        error = relative(found, expected[name])
        failed = bound and dtype == "float32" and not error <= bar
        failures += failed
        print(f"{os.path.basename(out):20s} {name + note:44s} {error:.1e}  bar {bar:.1e}  {'FAILED' if failed else ''}")

    def report_levels(name, uri, picture):
        nonlocal failures
        png = np.asarray(Image.open(io.BytesIO(base64.b64decode(uri.split(",")[1])))).astype(int)
        off = int(np.abs(png - np.round(picture.clip(0, 1).transpose(1, 2, 0) * 255).astype(int)).max())
        failed = dtype == "float32" and off > 1
        failures += failed
        print(f"{os.path.basename(out):20s} {name + ' as PNG':44s} {off} levels  {'FAILED' if failed else ''}")

    with tempfile.TemporaryDirectory() as folder:
        common = ["--pack", f"{out}/pack", "--dtype", dtype]
        tensors = f"{folder}/t.safetensors"
        pre = run(fader, "preprocess", f"{out}/image.png", *common, "--invert-steps", str(facts["invert_steps"]), "--tensors", tensors)
        assert (pre["width"], pre["height"]) == (facts["width"], facts["height"])
        for name, found in load_file(tensors).items():
            report(name, found)
        shared = dict(pre, image_embeds=expected["image_embeds"].tolist(), inv_latents=expected["inv_latents"].tolist())
        for name, edits in facts["edits"].items():
            chosen = dict(feature_idx=[int(i) for i in edits], feature_val=list(edits.values()))
            for guidance, suffix in [(1, ""), (4, ".guided")]:
                key = f"edit.{name}.image{suffix}"
                if key not in expected:
                    continue
                amplified = facts["own_error"].get(key, 0) > 1e-4
                for start, note in [(shared, ""), (pre, " (own start)")]:
                    made = run(fader, "generate", "-", *common, "--steps", str(facts["steps"]), "--guidance", str(guidance),
                               "--tensors", tensors, request=json.dumps(start | chosen).encode())
                    found = load_file(tensors)
                    report(f"edit.{name}.embeds", found["embeds"], note=note)
                    report(key, found["image"], picture=True, note=note, bound=not (note and amplified))
                    if not amplified:
                        report_levels(key, made["images"], expected[key][0])
    missing = set(expected) - names - {"unet.output_at_t500"}
    if missing:
        failures += 1
        print(f"{out}: never compared: {sorted(missing)}")
    return failures


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="Compare the fader program with diffusers and transformers.")
    parser.add_argument("--dtype", default="float32")
    parser.add_argument("fader")
    parser.add_argument("out", nargs="+")
    arguments = parser.parse_args()
    sys.exit(1 if sum(compare(arguments.fader, out.rstrip("/"), arguments.dtype) for out in arguments.out) else 0)
