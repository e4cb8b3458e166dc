#!/usr/bin/env python3
"""Checks Fader on this machine: the same numbers on the device as on the CPU, every kind of command, the playground, training, and how fast all that is.

    python3 check.py --program FADER --pack PACK --samples DIR [--device cuda|cpu] [--skip-published] [--work DIR]

Prints a line for each check, "pass", "FAIL" or "skip", and exits with 1 when one has failed. Where torch can be imported and the device is CUDA, a pack of
the published size is made on it at random; where diffusers can be imported too, Fader is compared with it. Speeds are checked on H100 and H200,
for which the bars are meant, and only told elsewhere. Needs nothing but Python otherwise.
"""
import argparse
import array
import json
import os
import pathlib
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, str(pathlib.Path(__file__).parent))
import terminal  # noqa: E402

HERE = pathlib.Path(__file__).parent
TYPES = ["float32", "bfloat16", "float16"]
# The largest relative error of a tensor beside the CPU's float32.
ERROR_BARS = {"float32": 1e-3, "bfloat16": 1e-1, "float16": 1e-2}
PUBLISHED_STEPS = 4
STAGES = ["autoencoder", "refinement", "clip", "decoder", "sae", "reader"]


class Failure(Exception):
    """Why a check did not pass, in one sentence."""


class Skipped(Exception):
    """Why a check was not made, in one sentence."""


def parse():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--program", type=pathlib.Path, required=True)
    parser.add_argument("--pack", type=pathlib.Path, required=True)
    parser.add_argument("--samples", type=pathlib.Path, required=True)
    parser.add_argument("--ctorch", type=pathlib.Path, help="libCTorch.so, for comparing its kernels by themselves")
    parser.add_argument("--device", choices=["cuda", "cpu"], default="cuda")
    parser.add_argument("--skip-published", action="store_true", help="leave out what needs a pack of the published size")
    parser.add_argument("--seconds", type=int, default=20, help="how long each stage trains")
    parser.add_argument("--work", type=pathlib.Path, help="a folder for everything that is written; a temporary one unless given")
    return parser.parse_args()


def tensors(file):
    """The float32 tensors of a safetensors file, as arrays by name."""
    data = file.read_bytes()
    length = int.from_bytes(data[:8], "little")
    header = json.loads(data[8:8 + length])
    found = {}
    for name, entry in header.items():
        if name != "__metadata__" and entry["dtype"] == "F32":
            start, end = entry["data_offsets"]
            found[name] = array.array("f", data[8 + length + start:8 + length + end])
    return found


def relative(found, expected):
    if len(found) != len(expected):
        return float("inf")
    difference = sum((a - b) * (a - b) for a, b in zip(found, expected))
    return (difference / max(sum(b * b for b in expected), 1e-30)) ** 0.5


class Checks:
    def __init__(self, options, work):
        self.options = options
        self.work = work
        self.begun = time.monotonic()
        self.failed = 0
        self.device_name = ""

    def check(self, name, body):
        start = time.monotonic()
        try:
            verdict, told = "pass", body()
        except Skipped as reason:
            verdict, told = "skip", str(reason)
        except (Failure, subprocess.TimeoutExpired, OSError, KeyError, ValueError) as reason:
            verdict, told = "FAIL", f"{type(reason).__name__}: {reason}" if not isinstance(reason, Failure) else str(reason)
            self.failed += 1
        print(f"{verdict}  {name}: {told} [{time.monotonic() - start:.0f} s]", flush=True)

    def fader(self, *words, request=None, timeout=120, environment=None):
        """Runs a command, and returns its standard output."""
        result = subprocess.run(
            [str(self.options.program), *map(str, words)], input=request, capture_output=True, timeout=timeout, cwd=self.work,
            env=os.environ | (environment or {}))
        if result.returncode:
            lines = result.stderr.decode(errors="replace").strip().splitlines() or ["it says nothing"]
            raise Failure(f"fader {words[0]} ended with {result.returncode}: {lines[-1]}")
        return result.stdout

    def computing(self, kind, device=None):
        return ["--device", device or self.options.device, "--dtype", kind, "-q"]

    def judged(self, value, bar, unit, most=True):
        """A speed beside its bar, which counts on the cards for which it is meant; a time is at most its bar, a rate at least."""
        text = f"{value:.1f} {unit} (bar {bar} {unit})"
        if (value > bar if most else value < bar) and ("H100" in self.device_name or "H200" in self.device_name):
            raise Failure(text)
        return text

    # The checks.

    def doctor(self):
        text = self.fader("doctor", "--pack", self.options.pack).decode()
        lines = [line.strip() for line in text.splitlines() if line.startswith(("libtorch", "devices"))]
        if self.options.device == "cuda":
            smi = subprocess.run(["nvidia-smi", "--query-gpu=name", "--format=csv,noheader"], capture_output=True, text=True)
            self.device_name = smi.stdout.strip().splitlines()[0] if smi.stdout.strip() else ""
            if "cuda 0" in text:
                raise Failure("fader doctor finds no CUDA device: " + "; ".join(lines))
        return "; ".join([*lines, self.device_name]).rstrip("; ")

    def pictures(self, name, pack, picture, words, kind, device, steps, size=None, request=None):
        """Embeds and inverts a picture, and renders it again with two edits: the tensors of both."""
        before, after = (self.work / f"{name}-{part}.safetensors" for part in ("preprocess", "generate"))
        answer = json.loads(self.fader(
            "preprocess", picture, "--pack", pack, "--invert-steps", words, "--tensors", before, *self.computing(kind, device)))
        if request is None:
            request = {
                "image_embeds": answer["image_embeds"], "inv_latents": answer["inv_latents"],
                "feature_idx": [feature["idx"] for feature in answer["features"]][:2], "feature_val": [0, 9],
            } | (size or {})
        self.fader(
            "generate", "-", "--pack", pack, "--steps", steps, "--guidance", 3, "--tensors", after, *self.computing(kind, device),
            request=json.dumps(request).encode())
        return tensors(before) | {f"rendered {name}": tensor for name, tensor in tensors(after).items()}, request

    def parity(self, kind):
        sample = self.options.samples / "01.png"
        if not hasattr(self, "expected"):
            self.expected, self.request = self.pictures("cpu", self.options.pack, sample, 40, "float32", "cpu", 20)
        found, _ = self.pictures(kind, self.options.pack, sample, 40, kind, None, 20, request=self.request)
        return self.compared(found, self.expected, ERROR_BARS[kind])

    @staticmethod
    def compared(found, expected, bar):
        missing = expected.keys() - found.keys()
        if missing:
            raise Failure(f"it has not written {sorted(missing)}")
        errors = {name: relative(found[name], expected[name]) for name in expected}
        worst = max(errors, key=errors.get)
        told = f"{len(errors)} tensors, largest relative error {errors[worst]:.1e} ({worst}; bar {bar:.0e})"
        if not errors[worst] <= bar:
            raise Failure(told)
        return told

    def kernels(self):
        if self.options.device != "cuda" or self.options.ctorch is None:
            raise Skipped("they are for CUDA devices, and --ctorch names them")
        result = subprocess.run([sys.executable, HERE / "kernels.py", self.options.ctorch, "norms"], capture_output=True, text=True, timeout=90)
        told = "; ".join(result.stdout.strip().splitlines()[-4:])
        if result.returncode:
            raise Failure(told or (result.stderr.strip().splitlines() or ["it says nothing"])[-1])
        return told

    def precision(self):
        """`auto` must give a picture, whatever type it takes."""
        self.fader("render", self.options.samples / "01.png", "-o", self.work / "auto.png", "--pack", self.options.pack, "--device",
                   self.options.device, "-q")
        return f"{(self.work / 'auto.png').stat().st_size} bytes"

    def command(self, words):
        if "--prompt" in words and not (self.options.pack / "prior/scheduler").exists():
            raise Skipped("the pack has no prior")
        out = self.work / f"{words[0]}-{len(words)}.png"
        self.fader(*words, *(["-o", out, "--force"] if words[0] != "groups" else []), "--pack", self.options.pack, "--device",
                   self.options.device, "-q")
        return f"{out.stat().st_size} bytes" if out.exists() else "done"

    def playground(self, pack, picture, bars):
        figures = terminal.play(
            [str(self.options.program), str(picture), "--pack", str(pack), "--device", self.options.device], state=self.work / "state")
        if figures is None:
            raise Failure("no picture came within a minute")
        first, keys = figures
        if len(keys) < 10:
            raise Failure(f"only {len(keys)} of {terminal.PRESSES} keys changed the picture")
        keys.sort()
        median, late = statistics.median(keys) * 1000, keys[len(keys) * 95 // 100] * 1000
        told = f"first picture after {first:.1f} s; key to changed picture {self.judged(median, bars[0], 'ms')}"
        return f"{told}, 95 %: {self.judged(late, bars[1], 'ms')}"

    def training(self, stage):
        folder = self.work / "training"
        words = ["train", stage, "--folder", folder, "--device", self.options.device]
        words += ["--minutes", self.options.seconds / 60, "--scenes", 512 if self.options.device == "cpu" else 4096]
        if stage == "decoder" and self.options.device == "cuda":
            words += ["--batch", 256]
        start = self.options.pack / "decoder/unet/diffusion_pytorch_model.safetensors"
        self.fader(*words, *(["--start", start] if stage == "decoder" else []), timeout=240)
        entries = [json.loads(line) for line in (folder / stage / "log.jsonl").read_text().splitlines()]
        last = entries[-1]
        rate = last["step"] / max(last["seconds"], 1e-9)
        told = f"{last['step']} steps, {rate:.1f} a second, loss {last.get('loss', float('nan')):.4f}"
        if not (folder / stage / "weights.safetensors").exists():
            raise Failure(f"{told}; it has left no weights")
        return told

    def recorded_training(self):
        """The decoder's steps as a CUDA graph beside plain ones: the losses of the first hundred, and steps a second of the rest."""
        if self.options.device != "cuda":
            raise Skipped("steps are recorded on a CUDA device only")
        runs = {}
        for name, steps in [("0", 200), ("1", 600)]:
            folder = self.work / f"recorded-{name}"
            self.fader("train", "import", "--folder", folder, "--pack", self.options.pack)
            log = self.work / f"recorded-{name}.log"
            start = self.options.pack / "decoder/unet/diffusion_pytorch_model.safetensors"
            self.fader("train", "decoder", "--folder", folder, "--device", "cuda", "--batch", 256, "--scenes", 4096, "--steps", steps,
                       "--start", start, "--log", log, environment={"FADER_CUDA_GRAPHS": name})
            if "not recorded" in log.read_text() and name == "1":
                raise Failure(next(line for line in log.read_text().splitlines() if "not recorded" in line))
            runs[name] = [json.loads(line) for line in (folder / "decoder/log.jsonl").read_text().splitlines()]
        rates = {name: (run[-2]["step"] - run[0]["step"]) / (run[-2]["seconds"] - run[0]["seconds"]) for name, run in runs.items()}
        told = f"plain {rates['0']:.1f} steps/s, recorded {self.judged(rates['1'], 60, 'steps/s', most=False)}"
        for plain, recorded in list(zip(runs["0"], runs["1"]))[:2]:
            if abs(plain["loss"] - recorded["loss"]) > 5e-3 * plain["loss"]:
                raise Failure(f"{told}; up to step {plain['step']} the mean loss is {plain['loss']} plain and {recorded['loss']} recorded")
        return f"{told}; loss {runs['0'][0]['loss']:.5f} and {runs['1'][0]['loss']:.5f}"

    def published(self):
        """Makes a pack of the published size; it is the folder that later checks use."""
        if self.options.skip_published:
            raise Skipped("--skip-published")
        if self.options.device != "cuda":
            raise Skipped("its 15 GB are made on a CUDA device only")
        script = HERE / "published_pack.py"
        result = subprocess.run([sys.executable, script, HERE / "published", self.work / "published"], capture_output=True, text=True, timeout=120)
        if result.returncode:
            raise Failure((result.stderr.strip().splitlines() or ["it says nothing"])[-1])
        self.published_pack = self.work / "published/pack"
        return result.stdout.strip()

    def needing_published(self):
        if not hasattr(self, "published_pack"):
            raise Skipped("there is no pack of the published size")
        return self.published_pack, self.work / "published/picture.png"

    def reference(self, what, timeout=150):
        """What diffusers computes or how long it takes: the lines that published_reference.py prints."""
        script = HERE / "published_reference.py"
        result = subprocess.run(
            [sys.executable, script, self.work / "published", str(PUBLISHED_STEPS), what], capture_output=True, text=True, timeout=timeout)
        if result.returncode == 3:
            raise Skipped(result.stdout.strip())
        if result.returncode:
            raise Failure((result.stderr.strip().splitlines() or ["it says nothing"])[-1])
        return result.stdout.strip()

    def published_parity(self, kind):
        pack, picture = self.needing_published()
        expected = self.work / "published/expected.safetensors"
        if not expected.exists():
            self.reference("tensors")
        before, after = self.work / f"published-{kind}-before.safetensors", self.work / f"published-{kind}-after.safetensors"
        answer = json.loads(self.fader(
            "preprocess", picture, "--pack", pack, "--invert-steps", PUBLISHED_STEPS, "--tensors", before, *self.computing(kind)))
        request = {"image_embeds": answer["image_embeds"], "inv_latents": answer["inv_latents"], "feature_idx": [], "feature_val": []}
        self.fader("generate", "-", "--pack", pack, "--steps", PUBLISHED_STEPS, "--tensors", after, *self.computing(kind),
                   request=json.dumps(request | {"height": 512, "width": 512}).encode())
        found, wanted = tensors(before) | tensors(after), tensors(expected)
        shared = {name: found[name] for name in found.keys() & wanted.keys()}
        if not shared:
            raise Failure(f"no tensor has a name that the reference has: {sorted(found)}, {sorted(wanted)}")
        return self.compared(shared, {name: wanted[name] for name in shared}, ERROR_BARS[kind])

    def published_step(self):
        """A step's time: that of many steps less that of few, so that loading does not count."""
        pack, picture = self.needing_published()
        request = self.work / "published-request.json"
        request.write_bytes(self.fader("preprocess", picture, "--pack", pack, "--invert-steps", PUBLISHED_STEPS, *self.computing("float16")))
        answer = json.loads(request.read_text())
        request.write_text(json.dumps(
            {"image_embeds": answer["image_embeds"], "inv_latents": answer["inv_latents"], "feature_idx": [], "feature_val": [],
             "height": 512, "width": 512}))

        def seconds(steps, **settings):
            start = time.monotonic()
            self.fader("generate", request, "--pack", pack, "--steps", steps, *self.computing("float16"), environment=settings)
            return time.monotonic() - start

        seconds(20)
        few, many = min(seconds(20), seconds(20)), min(seconds(220), seconds(220))
        told = f"20 steps with start, loading and decoding {few:.1f} s"
        begun, ended = (seconds(steps, FADER_PLAIN_KERNELS="1") for steps in (20, 220))
        told += f"; with libtorch's kernels alone a step {(ended - begun) / 200 * 1000:.1f} ms, 20 steps {begun:.1f} s"
        try:
            told = f"step {self.judged((many - few) / 200 * 1000, 5, 'ms')}; {told}"
        except Failure as reason:
            raise Failure(f"step {reason}; {told}") from None
        try:
            return f"{told}; {self.reference('time')}"
        except Skipped as reason:
            return f"{told}; {reason}"


def main():
    options = parse()
    options.program, options.pack, options.samples = (path.resolve() for path in (options.program, options.pack, options.samples))
    work = (options.work or pathlib.Path(tempfile.mkdtemp(prefix="fader-check-"))).resolve()
    work.mkdir(parents=True, exist_ok=True)
    # Libraries and sessions of whoever runs this stay as they are.
    os.environ |= {"XDG_STATE_HOME": str(work / "state"), "XDG_DATA_HOME": str(work / "data"), "XDG_CACHE_HOME": str(work / "cache")}
    checks = Checks(options, work)
    sample = options.samples / "01.png"
    try:
        checks.check("doctor", checks.doctor)
        checks.check("our kernels beside libtorch", checks.kernels)
        checks.check("published size: a random pack", checks.published)
        # On the CPU itself float32 has nothing to be compared with.
        for kind in TYPES[options.device == "cpu":]:
            checks.check(f"demo pack, {options.device} in {kind} beside the CPU in float32", lambda: checks.parity(kind))
        checks.check("demo pack, the type that auto takes", checks.precision)
        for words in [["render", sample, "--set", "1=3"], ["strip", sample, "--feature", "12"], ["groups", sample],
                      ["render", "--prompt", "a red boat at night"], ["transfer", sample, "--from", options.samples / "02.png"]]:
            checks.check(f"fader {words[0]} {words[1] if words[1] == '--prompt' else ''}".strip(), lambda: checks.command(words))
        checks.check("demo pack, playground", lambda: checks.playground(options.pack, sample, (60, 90)))
        for kind in TYPES[::2]:
            checks.check(f"published size, {kind} beside diffusers", lambda: checks.published_parity(kind))
        checks.check("published size, a step in float16", checks.published_step)
        checks.check("published size, playground", lambda: checks.playground(*checks.needing_published(), (60, 90)))
        for stage in STAGES:
            checks.check(f"train {stage}", lambda: checks.training(stage))
        checks.check("train decoder, steps as a CUDA graph", checks.recorded_training)
    finally:
        if options.work is None:
            shutil.rmtree(work, ignore_errors=True)
    print(f"{checks.failed} failed; {time.monotonic() - checks.begun:.0f} seconds")
    return 1 if checks.failed else 0


if __name__ == "__main__":
    sys.exit(main())
