#!/usr/bin/env python3
"""Makes the fixtures of PicturesTests: picture files that Pillow wrote, and the pixels that Pillow sees.

    make_picture_fixtures.py [--pngsuite FOLDER]

Needs Pillow (made with 13.0.0) and NumPy. Without a PngSuite folder, its fixture is left as it is.

A `.pixels` file is one zlib stream of records: the length of a name (1 byte), the name, width and height (2 bytes each,
most significant first), then the picture's red, green and blue samples row by row.
"""

import argparse
import io
import struct
import zlib
from pathlib import Path

import numpy as np
from PIL import Image, ImageOps

FIXTURES = Path(__file__).parent.parent / "PicturesTests" / "Fixtures"
FILTERS = {
    "bilinear": Image.Resampling.BILINEAR,
    "bicubic": Image.Resampling.BICUBIC,
    "lanczos": Image.Resampling.LANCZOS,
}
SIZES = [(64, 48), (7, 5), (1, 1), (61, 47), (33, 71), (131, 3), (62, 47), (61, 20)]


def noise(width, height):
    """A picture of hard edges and noise that the Swift tests draw too."""
    y, x, channel = np.meshgrid(np.arange(height), np.arange(width), np.arange(3), indexing="ij")
    number = (x * 7919 + y * 104729 + channel * 31337).astype(np.uint64)
    sample = (number * np.uint64(2654435761) >> np.uint64(24)) & np.uint64(255)
    sample[(x // 8 + y // 8) % 3 == 0] = 255
    return Image.fromarray(sample.astype(np.uint8))


def smooth(width, height):
    """A picture that lossy formats keep well."""
    y, x = np.mgrid[0:height, 0:width]
    channels = [x * 255 / (width - 1), y * 255 / (height - 1), 128 + 100 * np.sin((x + 2 * y) / 5)]
    return Image.fromarray(np.stack(channels, axis=-1).round().astype(np.uint8))


def with_alpha(picture):
    width, height = picture.size
    y, x = np.mgrid[0:height, 0:width]
    picture = picture.copy()
    picture.putalpha(Image.fromarray(((x * 5 + y * 9) % 256).astype(np.uint8)))
    return picture


def over_white(picture):
    """What a person sees: 16-bit greys scaled to 8 bits, transparency over white, cameras' rotations undone."""
    picture = ImageOps.exif_transpose(picture)
    if picture.mode.startswith("I"):
        return Image.fromarray((np.array(picture) >> 8).astype(np.uint8)).convert("RGB")
    picture = picture.convert("RGBA")
    return Image.alpha_composite(Image.new("RGBA", picture.size, "white"), picture).convert("RGB")


def write_pixels(name, pictures):
    stream = io.BytesIO()
    for key, picture in pictures:
        stream.write(struct.pack(">B", len(key)) + key.encode() + struct.pack(">HH", *picture.size) + picture.tobytes())
    (FIXTURES / f"{name}.pixels").write_bytes(zlib.compress(stream.getvalue(), 9))


def make_resized():
    source = noise(61, 47)
    return [
        (f"{width}x{height} {name}", source.resize((width, height), FILTERS[name]))
        for width, height in SIZES
        for name in FILTERS
    ]


def make_files():
    """Writes one small file of every kind; the pictures in them have odd sides."""
    picture = smooth(37, 27)
    alpha = with_alpha(picture)
    files = {
        "rgb.png": (picture, {}),
        "alpha.png": (alpha, {}),
        "grey.jpg": (picture.convert("L"), {}),
        "444.jpg": (picture, {"subsampling": 0, "quality": 90}),
        "422.jpg": (picture, {"subsampling": 1, "quality": 90}),
        "420.jpg": (picture, {"subsampling": 2, "quality": 90}),
        "progressive.jpg": (picture, {"progressive": True, "quality": 80}),
        "cmyk.jpg": (picture.convert("CMYK"), {}),
        "lossy.webp": (picture, {"quality": 80}),
        "lossless.webp": (picture, {"lossless": True}),
        "alpha.webp": (alpha, {"lossless": True}),
        "lossy-alpha.webp": (alpha, {"quality": 80}),
        "animation.webp": (picture, {"save_all": True, "append_images": [ImageOps.mirror(picture)]}),
    }
    for orientation in range(1, 9):
        exif = Image.Exif()
        exif[0x0112] = orientation
        files[f"orientation-{orientation}.jpg"] = (picture, {"exif": exif, "quality": 90})
    for name, (content, options) in files.items():
        content.save(FIXTURES / name, **options)
    refused = ["cmyk.jpg", "animation.webp"]
    return [(name, over_white(Image.open(FIXTURES / name))) for name in files if name not in refused]


def make_pngsuite(folder):
    # Interlaced pictures beside their plain twins, which compresses best.
    paths = sorted(Path(folder).glob("[!x]*.png"), key=lambda path: (path.name[:3], path.name[4:], path.name))
    return [(path.name, over_white(Image.open(path))) for path in paths]


def main():
    parser = argparse.ArgumentParser(description="Makes the fixtures of PicturesTests.")
    parser.add_argument("--pngsuite", help="the folder of Willem van Schaik's PngSuite")
    arguments = parser.parse_args()
    FIXTURES.mkdir(parents=True, exist_ok=True)
    write_pixels("resized", make_resized())
    write_pixels("files", make_files())
    if arguments.pngsuite:
        write_pixels("pngsuite", make_pngsuite(arguments.pngsuite))


if __name__ == "__main__":
    main()
