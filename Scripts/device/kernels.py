#!/usr/bin/env python3
"""Compares CTorch's own kernels with what they stand for, and tells how long both take.

    python3 kernels.py libCTorch.so norms           compares numbers; ends with 1 where they differ
    python3 kernels.py libCTorch.so times           the published U-Net's norms, in microseconds: ours, and libtorch's operations
    python3 kernels.py libCTorch.so convolutions    the published U-Net's convolutions: cuDNN's first choice, the fastest, and a matrix product

Needs torch and a CUDA device.
"""
import ctypes
import sys
import time

import torch
from torch.nn import functional

TYPES = {torch.float32: 0, torch.float16: 1, torch.bfloat16: 2}
# Relative errors: of kernels that add up in float32, and round once.
BARS = {torch.float32: 1e-5, torch.float16: 1e-3, torch.bfloat16: 8e-3}
# Channels and side of the pictures that the published U-Net normalises most.
PUBLISHED = [(384, 64), (768, 64), (1152, 64), (768, 32), (1536, 32), (1152, 16), (2304, 16), (1536, 8), (3072, 8)]
# Of each convolution of the published U-Net: how many, channels in and out, side.
CONVOLUTIONS = [
    (13, 384, 384, 64), (1, 1152, 384, 64), (3, 768, 384, 64), (1, 384, 384, 32), (1, 384, 768, 32), (9, 768, 768, 32), (1, 1920, 768, 32),
    (2, 1536, 768, 32), (1, 1152, 768, 32), (1, 768, 768, 64), (1, 768, 768, 16), (1, 768, 1152, 16), (9, 1152, 1152, 16), (1, 2688, 1152, 16),
    (2, 2304, 1152, 16), (1, 1920, 1152, 16), (1, 1152, 1152, 32), (1, 1152, 1152, 8), (1, 1152, 1536, 8), (14, 1536, 1536, 8),
    (3, 3072, 1536, 8), (1, 2688, 1536, 8), (1, 1536, 1536, 16),
]


class Device(ctypes.Structure):
    _fields_ = [("kind", ctypes.c_int32), ("index", ctypes.c_int32)]


class CTorch:
    def __init__(self, path):
        self.library = ctypes.CDLL(path)
        self.library.ct_error_message.restype = ctypes.c_char_p
        self.library.ct_device_kernels_failure.restype = ctypes.c_char_p
        self.library.ct_free.argtypes = [ctypes.c_void_p]

    def call(self, name, *arguments):
        found = ctypes.c_void_p()
        if getattr(self.library, name)(*arguments, ctypes.byref(found)):
            raise RuntimeError(f"{name}: {self.library.ct_error_message().decode()}")
        return found

    def tensor(self, value):
        """A copy on the device, as long as the process lives; channels-last where it is a picture of more than one place."""
        flat = value.detach().float().cpu().contiguous()
        sizes = (ctypes.c_int64 * flat.dim())(*flat.shape)
        host = self.call("ct_copy_from_host", ctypes.c_void_p(flat.data_ptr()), sizes, ctypes.c_int32(flat.dim()), ctypes.c_int32(0))
        found = self.call("ct_to", host, ctypes.c_int32(TYPES[value.dtype]), Device(1, 0))
        return self.call("ct_channels_last", found) if value.dim() == 4 and value[0, 0].numel() > 1 else found

    def numbers(self, handle, shape):
        host = self.call("ct_to", handle, ctypes.c_int32(0), Device(0, 0))
        result = torch.empty(shape)
        if self.library.ct_copy_to_host(host, ctypes.c_void_p(result.data_ptr()), ctypes.c_size_t(result.numel() * 4)):
            raise RuntimeError(self.library.ct_error_message().decode())
        self.library.ct_free(host)
        return result

    def norm(self, x, added, groups, weight, bias, scale, shift, activates):
        return self.call(
            "ct_modulated_group_norm", x, added, ctypes.c_int64(groups), weight, bias, ctypes.c_double(1e-5), scale, shift,
            ctypes.c_bool(activates))

    def use_kernels(self, wanted):
        self.library.ct_device_kernels_use(ctypes.c_bool(wanted))

    def failure(self):
        return self.library.ct_device_kernels_failure().decode()


def expected_norm(x, added, groups, weight, bias, scale, shift, activates):
    x, added, weight, bias, scale, shift = (tensor if tensor is None else tensor.cuda().double() for tensor in (x, added, weight, bias, scale, shift))
    if added is not None:
        x = x + added[:, None, None]
    y = functional.group_norm(x, groups, weight, bias, 1e-5)
    if scale is not None:
        y = y * functional.interpolate(scale, x.shape[2:]) + functional.interpolate(shift, x.shape[2:])
    return (functional.silu(y) if activates else y).cpu()


def relative(found, expected):
    return ((found.double() - expected.double()).norm() / expected.double().norm().clamp_min(1e-30)).item()


def norms(library):
    generator = torch.Generator().manual_seed(1)

    def normal(*shape, kind, mean=0.0):
        return (torch.randn(shape, generator=generator) + mean).to(kind)

    # Batch, channels, height, width, groups, places of scales and shifts; widths of groups that vectors divide and others; all numbers of blocks.
    shapes = [(1, 384, 64, 64, 32, 1), (2, 1152, 16, 16, 32, 1), (1, 1536, 8, 8, 32, 1), (1, 96, 20, 12, 32, 1), (2, 160, 7, 5, 32, 1),
              (1, 128, 96, 64, 32, 16), (2, 64, 16, 16, 32, 4), (1, 1152, 64, 64, 32, 1), (1, 8, 1, 1, 2, 1), (3, 512, 32, 32, 32, 32)]
    worst = {}
    for kind, bar in BARS.items():
        for batch, channels, height, width, groups, places in shapes:
            for with_added, modulated, activates in [(False, False, False), (True, True, True), (False, True, False), (True, False, True)]:
                x = normal(batch, channels, height, width, kind=kind, mean=3)
                added = normal(channels, kind=kind) if with_added else None
                weight, bias = normal(channels, kind=kind, mean=1), normal(channels, kind=kind)
                # As they come from one projection, or from a picture of few places.
                both = normal(batch, 2 * channels, places, places, kind=kind)
                handle, scale, shift = library.tensor(both), None, None
                if modulated:
                    scale, shift = both[:, :channels], both[:, channels:]
                parts = [library.call("ct_narrow", handle, ctypes.c_int64(1), ctypes.c_int64(start), ctypes.c_int64(channels))
                         if modulated else None for start in (0, channels)]
                found = library.norm(library.tensor(x), library.tensor(added) if with_added else None, groups, library.tensor(weight),
                                     library.tensor(bias), *parts, activates)
                error = relative(library.numbers(found, x.shape), expected_norm(x, added, groups, weight, bias, scale, shift, activates))
                worst[kind] = max(worst.get(kind, 0), error)
                if not error <= bar:
                    print(f"norm of {list(x.shape)}, {kind}, added {with_added}, modulated {modulated}, activated {activates}: {error:.1e}")
            a, b = (normal(batch, channels, height, width, kind=kind) for _ in range(2))
            bias = normal(channels, kind=kind)
            found = library.call("ct_add_with_bias", library.tensor(a), library.tensor(bias), library.tensor(b))
            error = relative(library.numbers(found, a.shape), a.double() + b.double() + bias.double()[:, None, None])
            worst[kind] = max(worst[kind], error)
            if not error <= bar:
                print(f"sum of {list(a.shape)}, {kind}: {error:.1e}")
    broken = normal(1, 384, 64, 64, kind=torch.float16)
    broken[0, 5, 3, 3] = float("inf")
    flat = [library.tensor(torch.ones(384, dtype=torch.float16))] * 2
    shows = not library.numbers(library.norm(library.tensor(broken), None, 32, *flat, None, None, True), broken.shape).isfinite().all()
    told = ", ".join(f"{str(kind)[6:]} {error:.1e} (bar {BARS[kind]:.0e})" for kind, error in worst.items())
    print(f"largest relative errors: {told}" + ("" if shows else "; a number that is not finite is hidden"))
    failure = library.failure() or ("" if library.library.ct_graphs_are_supported() else "CUDA's headers were not found")
    if failure:
        print(f"libtorch's operations, not our kernels: {failure}")
    return 0 if shows and not failure and all(error <= BARS[kind] for kind, error in worst.items()) else 1


def microseconds(body, count=50):
    """Of one call in a CUDA graph of many."""
    stream = torch.cuda.Stream()
    with torch.cuda.stream(stream):
        for _ in range(3):
            body()
        stream.synchronize()
        graph = torch.cuda.CUDAGraph()
        with torch.cuda.graph(graph, stream=stream):
            for _ in range(count):
                body()
    times = []
    for _ in range(5):
        torch.cuda.synchronize()
        start = time.perf_counter()
        graph.replay()
        torch.cuda.synchronize()
        times.append((time.perf_counter() - start) / count * 1e6)
    return min(times)


def times(library):
    for channels, side in PUBLISHED:
        x = library.tensor(torch.randn(1, channels, side, side).half())
        one = [library.tensor(torch.randn(channels).half()) for _ in range(3)]
        parts = [library.tensor(torch.randn(1, channels, 1, 1).half()) for _ in range(2)]

        def body():
            library.library.ct_free(library.norm(x, one[0], 32, one[1], one[2], *parts, True))

        library.use_kernels(True)
        ours = microseconds(body)
        library.use_kernels(False)
        print(f"norm of {channels} x {side} x {side}: {ours:.1f} us, libtorch {microseconds(body):.1f} us")
    return 0


def convolutions(_):
    totals = [0.0, 0.0, 0.0]
    for count, channels, output, side in CONVOLUTIONS:
        x = torch.randn(1, channels, side, side, device="cuda").half().contiguous(memory_format=torch.channels_last)
        # More weights than the cache holds.
        weights = [torch.randn(output, channels, 3, 3, device="cuda").half().contiguous(memory_format=torch.channels_last)
                   for _ in range(max(2, 100_000_000 // (channels * output * 18)))]
        place = [0]

        def weight():
            place[0] = (place[0] + 1) % len(weights)
            return weights[place[0]]

        def product():
            padded = functional.pad(x.permute(0, 2, 3, 1), (0, 0, 1, 1, 1, 1))
            rows = padded.as_strided((side, side, 3, 3 * channels), ((side + 2) * channels, channels, (side + 2) * channels, 1))
            return rows.reshape(side * side, 9 * channels) @ weight().permute(0, 2, 3, 1).reshape(output, 9 * channels).T

        found, firsts = [], []
        for fastest in (False, True):
            torch.backends.cudnn.benchmark = fastest
            torch.cuda.synchronize()
            start = time.perf_counter()
            functional.conv2d(x, weight(), padding=1)
            torch.cuda.synchronize()
            firsts.append((time.perf_counter() - start) * 1000)
            found.append(microseconds(lambda: functional.conv2d(x, weight(), padding=1)))
        found.append(microseconds(product) if side <= 32 else float("nan"))
        for index, value in enumerate(found):
            totals[index] += count * (value if value == value else found[1]) / 1000
        print(f"{count:2} of {channels} -> {output} at {side}: first choice {found[0]:.1f} us, fastest {found[1]:.1f} us, matrix product "
              f"{found[2]:.1f} us; first calls {firsts[0]:.0f} and {firsts[1]:.0f} ms")
    print(f"all: first choice {totals[0]:.2f} ms, fastest {totals[1]:.2f} ms, matrix products up to side 32 {totals[2]:.2f} ms")
    return 0


if __name__ == "__main__":
    with torch.inference_mode():
        sys.exit({"norms": norms, "times": times, "convolutions": convolutions}[sys.argv[2]](CTorch(sys.argv[1])))
