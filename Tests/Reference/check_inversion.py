#!/usr/bin/env python3
"""Check that a picture comes back from its own noise: what `fader render` makes without edits is what MoVQ makes of the picture's latents.

    python3 check_inversion.py FADER PICTURE PACK...

Prints, for each pack, the PSNR between the two with the exact inversion and with the plain one, and how far an edit of the strongest feature
moves the picture. Exits with 1 when the exact inversion is below 45 dB, or the edit has no effect. Needs numpy, safetensors, pillow.
"""
import json, subprocess, sys, tempfile
import numpy as np
from PIL import Image
from safetensors.numpy import load_file

LEAST = 45


def run(fader, *arguments):
    result = subprocess.run([fader, *arguments, "-q"], capture_output=True)
    if result.returncode:
        sys.exit(f"fader {' '.join(arguments)}: {result.stderr.decode().strip()}")
    return result.stdout


def psnr(found, expected):
    error = float(np.mean((found - expected) ** 2))
    return float("inf") if error == 0 else 10 * np.log10(255**2 / error)


def check(fader, picture, pack):
    with tempfile.TemporaryDirectory() as folder:
        common = ["--pack", pack, "--dtype", "float32"]

        def preprocess(path):
            return json.loads(run(fader, "preprocess", path, *common, "--invert-steps", "1", "--tensors", f"{folder}/t.safetensors"))

        # At the size at which the pack works, so that nothing is resized afterwards.
        facts = preprocess(picture)
        fitted = f"{folder}/fitted.png"
        Image.open(picture).convert("RGB").resize((facts["width"], facts["height"])).save(fitted)
        facts = preprocess(fitted)
        reconstruction = load_file(f"{folder}/t.safetensors")["movq.reconstruction"][0].transpose(1, 2, 0)
        expected = np.round((reconstruction.clip(-1, 1) * 0.5 + 0.5) * 255)

        def render(*arguments):
            run(fader, "render", fitted, "-o", f"{folder}/out.png", *common, *arguments)
            return np.asarray(Image.open(f"{folder}/out.png")).astype("float64")

        strongest = facts["features"][0]
        exact, plain = render(), render("--inversion", "plain")
        edited = render("--set", f"{strongest['idx']}={4 * strongest['activation']}")
        moved = psnr(edited, expected)
        failed = psnr(exact, expected) < LEAST or moved > LEAST
        print(f"{pack:48s} exact {psnr(exact, expected):6.2f} dB  plain {psnr(plain, expected):6.2f} dB  "
              f"feature {strongest['idx']} four times as strong {moved:6.2f} dB  {'FAILED' if failed else ''}", flush=True)
        return failed


if __name__ == "__main__":
    fader, picture, *packs = sys.argv[1:]
    sys.exit(1 if sum([check(fader, picture, pack.rstrip("/")) for pack in packs]) else 0)
