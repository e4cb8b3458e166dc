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
from PIL import Image, ImageCms, ImageFile, ImageOps

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
    if picture.mode == "CMYK":
        return picture.convert("RGB")
    if picture.mode.startswith("I"):
        return Image.fromarray((np.array(picture) >> 8).astype(np.uint8)).convert("RGB")
    picture = picture.convert("RGBA")
    return Image.alpha_composite(Image.new("RGBA", picture.size, "white"), picture).convert("RGB")


TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}


def upright(picture, orientation):
    return picture.transpose(TURNS[orientation]) if orientation in TURNS else picture


def exif(orientation, order="<", kind=3):
    """EXIF data with one entry; kind 3 is SHORT, 4 LONG."""
    value = struct.pack(order + "HH", orientation, 0) if kind == 3 else struct.pack(order + "I", orientation)
    mark = b"II" if order == "<" else b"MM"
    return mark + struct.pack(order + "HIHHHI", 42, 8, 1, 0x0112, kind, 1) + value + bytes(4)


def encoded(picture, kind, **options):
    stream = io.BytesIO()
    picture.save(stream, kind, **options)
    return stream.getvalue()


def png_chunk(kind, body):
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def png_with(png, chunks, after_data=False):
    """A PNG file with chunks put in after its header, or before its end."""
    place = len(png) - 12 if after_data else 33
    return png[:place] + b"".join(png_chunk(*chunk) for chunk in chunks) + png[place:]


def raw_profile(kind, body):
    """EXIF data as ImageMagick writes it into a PNG text."""
    digits = body.hex()
    lines = [digits[start : start + 72] for start in range(0, len(digits), 72)]
    return f"\n{kind}\n{len(body):8}\n".encode() + "\n".join(lines).encode() + b"\n"


def riff_chunk(kind, body):
    return kind + struct.pack("<I", len(body)) + body + bytes(len(body) % 2)


def webp(chunks, flags, width, height):
    """An extended WebP file: flags 2 animation, 4 XMP, 8 EXIF, 16 alpha, 32 profile."""
    size = struct.pack("<I", width - 1)[:3] + struct.pack("<I", height - 1)[:3]
    body = b"WEBP" + riff_chunk(b"VP8X", bytes([flags, 0, 0, 0]) + size) + b"".join(riff_chunk(*chunk) for chunk in chunks)
    return b"RIFF" + struct.pack("<I", len(body)) + body


def frame_data(webp_file):
    """The chunk of a simple WebP file that holds its picture."""
    kind, length = struct.unpack("<4sI", webp_file[12:20])
    return kind, webp_file[20 : 20 + length]


def make_oriented():
    """The eight orientations in WebP and PNG, in each of the ways that programs write them."""
    picture = noise(9, 7)
    png = encoded(picture, "PNG")
    frame = frame_data(encoded(picture, "WEBP", lossless=True))
    made = []
    for orientation in range(1, 9):
        order = "<" if orientation % 2 else ">"
        kind = 3 if orientation in (1, 2, 5, 6) else 4
        data = exif(orientation, order, kind)
        with_prefix = b"Exif\0\0" + data
        raw = raw_profile("exif", with_prefix)
        files = {
            f"webp-exif-{orientation}.webp": webp([frame, (b"EXIF", data)], 8, 9, 7),
            f"webp-exif-prefix-{orientation}.webp": webp([frame, (b"EXIF", with_prefix)], 8, 9, 7),
            f"png-exif-before-{orientation}.png": png_with(png, [(b"eXIf", data)]),
            f"png-exif-after-{orientation}.png": png_with(png, [(b"eXIf", data)], after_data=True),
        }
        if orientation in (3, 6, 8):
            key = b"Raw profile type exif\0"
            text = {
                3: (b"tEXt", b"Raw profile type APP1\0" + raw_profile("APP1", with_prefix)),
                6: (b"zTXt", key + b"\0" + zlib.compress(raw)),
                8: (b"iTXt", key + b"\1\0\0\0" + zlib.compress(raw)),
            }
            files[f"png-raw-profile-{orientation}.png"] = png_with(png, [text[orientation]], after_data=orientation == 8)
        for name, content in files.items():
            (FIXTURES / name).write_bytes(content)
            made.append((name, upright(picture, orientation)))
    return made


D50 = (0.9642, 1.0, 0.8249)


def s15(value):
    return struct.pack(">i", round(value * 65536))


def xyz(value):
    return b"XYZ \0\0\0\0" + b"".join(s15(part) for part in value)


def icc(space, device, pcs, tags):
    """An ICC profile of version 2.4."""
    table, data = b"", b""
    start = 128 + 4 + 12 * len(tags)
    for name, body in tags:
        table += name + struct.pack(">II", start + len(data), len(body))
        data += body + bytes(-len(body) % 4)
    size = start + len(data)
    head = struct.pack(">I4sI4s4s4s", size, b"\0\0\0\0", 0x02400000, device, space, pcs) + bytes(12) + b"acsp" + bytes(28)
    head += b"".join(s15(part) for part in D50)
    return head + bytes(128 - len(head)) + struct.pack(">I", len(tags)) + table + data


def gamma(value):
    return b"curv\0\0\0\0" + struct.pack(">IH", 1, round(value * 256)) + b"\0\0"


def rgb_profile(red, green, blue, exponent):
    """A matrix profile from its primaries as XYZ under D50."""
    names = ((b"rXYZ", red), (b"gXYZ", green), (b"bXYZ", blue))
    tags = [(b"wtpt", xyz(D50))] + [(name, xyz(value)) for name, value in names]
    return icc(b"RGB ", b"mntr", b"XYZ ", tags + [(name, gamma(exponent)) for name in (b"rTRC", b"gTRC", b"bTRC")])


PROFILES = {
    "adobe-rgb": rgb_profile((0.60974, 0.31111, 0.01947), (0.20528, 0.62567, 0.06087), (0.14919, 0.06322, 0.74457), 2.19921875),
    "display-p3": rgb_profile((0.51512, 0.24120, -0.00105), (0.29198, 0.69225, 0.04189), (0.15710, 0.06657, 0.78407), 2.2),
    "prophoto": rgb_profile((0.79767, 0.28804, 0.0), (0.13519, 0.71188, 0.0), (0.03134, 0.00009, 0.82491), 1.8),
    "wide-gamma": rgb_profile((0.43607, 0.22249, 0.01392), (0.38515, 0.71687, 0.09708), (0.14307, 0.06061, 0.71410), 1.0),
    "grey": icc(b"GRAY", b"mntr", b"XYZ ", [(b"wtpt", xyz(D50)), (b"kTRC", gamma(1.6))]),
}


def cmyk_profile():
    """A printer's profile: a table of two levels of each ink, in Lab."""
    grid = []
    for corner in range(16):
        cyan, magenta, yellow, black = ((corner >> shift) & 1 for shift in (3, 2, 1, 0))
        lightness = 255 * (1 - 0.75 * black) * (1 - 0.3 * cyan) * (1 - 0.35 * magenta) * (1 - 0.05 * yellow)
        keep = 1 - black  # black is neutral: versions of Little CMS do not agree on the black point of another
        grid += [round(lightness), round(128 + keep * (70 * magenta - 35 * cyan)), round(128 + keep * (85 * yellow - 45 * cyan))]
    ramp = bytes(range(256))
    matrix = b"".join(s15(value) for value in (1, 0, 0, 0, 1, 0, 0, 0, 1))
    lut = b"mft1\0\0\0\0" + bytes([4, 3, 2, 0]) + matrix + ramp * 4 + bytes(grid) + ramp * 3
    return icc(b"CMYK", b"prtr", b"Lab ", [(b"wtpt", xyz(D50)), (b"A2B0", lut)])


def converted(picture, profile):
    """The picture in sRGB, by Little CMS with perceptual intent."""
    source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
    return ImageCms.profileToProfile(picture, source, ImageCms.createProfile("sRGB"), outputMode="RGB")


def with_icc_segments(jpeg, profile, order):
    """A JPEG file with a profile in several APP2 segments, in any order."""
    count = len(order)
    step = -(-len(profile) // count)
    segments = b""
    for part in order:
        body = b"ICC_PROFILE\0" + bytes([part + 1, count]) + profile[part * step : (part + 1) * step]
        segments += b"\xff\xe2" + struct.pack(">H", len(body) + 2) + body
    return jpeg[:2] + segments + jpeg[2:]


def make_profiled():
    """Pictures with colour profiles, and what Little CMS makes of them."""
    picture = smooth(23, 17)
    made = []
    for name, kind, options in [
        ("adobe-rgb", "jpg", {"quality": 90}),
        ("adobe-rgb", "webp", {"lossless": True}),
        ("display-p3", "png", {}),
        ("display-p3", "jpg", {"quality": 90}),
        ("prophoto", "png", {}),
        ("prophoto", "webp", {"quality": 80}),
        ("wide-gamma", "png", {}),
        ("grey", "png", {}),
        ("grey", "jpg", {"quality": 90}),
    ]:
        file = f"profile-{name}.{kind}"
        source = picture.convert("L") if name == "grey" else picture
        source.save(FIXTURES / file, icc_profile=PROFILES[name], **options)
        made.append((file, converted(Image.open(FIXTURES / file), PROFILES[name])))

    profile = PROFILES["adobe-rgb"]
    jpeg = encoded(picture, "JPEG", quality=90)
    (FIXTURES / "profile-in-parts.jpg").write_bytes(with_icc_segments(jpeg, profile, [2, 0, 1]))
    made.append(("profile-in-parts.jpg", converted(Image.open(io.BytesIO(jpeg)), profile)))

    # Transparency is composited in sRGB, as browsers do, hence after the conversion.
    alpha = with_alpha(picture)
    seen = converted(alpha.convert("RGB"), PROFILES["prophoto"])
    seen.putalpha(alpha.getchannel("A"))
    for kind, options in [("png", {}), ("webp", {"lossless": True, "exact": True})]:
        alpha.save(FIXTURES / f"profile-alpha.{kind}", icc_profile=PROFILES["prophoto"], **options)
        made.append((f"profile-alpha.{kind}", over_white(seen)))

    # Broken profiles, and those of another kind of colours, are passed over.
    for name, bad in [("cut", profile[:200]), ("noise", bytes(range(256)) * 2), ("kind", PROFILES["grey"])]:
        (FIXTURES / f"profile-bad-{name}.png").write_bytes(
            png_with(encoded(picture, "PNG"), [(b"iCCP", b"p\0\0" + zlib.compress(bad))])
        )
        made.append((f"profile-bad-{name}.png", picture))

    # sRGB in cICP goes before a profile.
    both = [(b"cICP", bytes([1, 13, 0, 1])), (b"iCCP", b"p\0\0" + zlib.compress(profile))]
    (FIXTURES / "cicp-srgb.png").write_bytes(png_with(encoded(picture, "PNG"), both))
    made.append(("cicp-srgb.png", picture))

    cmyk = picture.convert("CMYK")
    for name, options in [("cmyk-plain", {}), ("cmyk-profile", {"icc_profile": cmyk_profile()})]:
        content = encoded(cmyk, "JPEG", quality=90, **options)
        # The Adobe segment says how the inks are stored: 0 as they are, 2 as YCCK.
        transform = content.index(b"Adobe\0") + 11
        for suffix, value in [("", 0), ("-ycck", 2)]:
            file = content[:transform] + bytes([value]) + content[transform + 1 :]
            (FIXTURES / f"{name}{suffix}.jpg").write_bytes(file)
            read = Image.open(io.BytesIO(file))
            made.append((f"{name}{suffix}.jpg", converted(read, cmyk_profile()) if options else read.convert("RGB")))
    return made


def make_odd():
    """Files that break a rule and are shown all the same, and pictures of odd shapes."""
    ImageFile.LOAD_TRUNCATED_IMAGES = True
    picture = smooth(37, 27)
    jpeg = encoded(picture, "JPEG", quality=90)
    png = encoded(picture, "PNG")
    broken = bytearray(png_with(png, [(b"tEXt", b"Key\0text"), (b"gAMA", b"\0\0\xb1\x8f")]))
    broken[33 + 12 + 7] ^= 1
    broken[33 + 12 + 8 + 12 + 2] ^= 1
    still = encoded(noise(20, 16), "WEBP", lossless=True)
    place = lambda value: struct.pack("<I", value)[:3]
    frame = place(2) + place(1) + place(7) + place(5) + place(100) + b"\2"
    small = encoded(noise(8, 6), "WEBP", lossless=True)
    whole = place(0) + place(0) + place(19) + place(15) + place(100) + b"\0"
    animation = [
        (b"ANIM", b"\0\0\0\xff\0\0"),
        (b"ANMF", frame + riff_chunk(*frame_data(small))),
        (b"ANMF", whole + riff_chunk(*frame_data(still))),
    ]
    files = {
        "no-end.jpg": jpeg[:-2],
        "zeros-at-end.jpg": jpeg + bytes(500),
        "zeros-for-end.jpg": jpeg[:-2] + bytes(500),
        "wrong-checksums.png": bytes(broken),
        "no-end.png": png[:-12],
        "animation-part.webp": webp(animation, 2, 20, 16),
        "one-pixel.png": encoded(noise(1, 1), "PNG"),
        "one-pixel.jpg": encoded(smooth(2, 2).crop((0, 0, 1, 1)), "JPEG"),
        "one-pixel.webp": encoded(noise(1, 1), "WEBP", lossless=True),
        "wide.png": encoded(noise(3000, 1), "PNG"),
        "tall.webp": encoded(noise(1, 3000), "WEBP", lossless=True),
    }
    frames = [picture, ImageOps.mirror(picture)]
    files["animation.png"] = encoded(frames[0], "PNG", save_all=True, append_images=frames[1:])
    for name, content in files.items():
        (FIXTURES / name).write_bytes(content)
    seen = [(name, over_white(Image.open(io.BytesIO(content)))) for name, content in files.items() if name != "animation-part.webp"]
    # The first frame of the animation lies on nothing, which is seen as white; Pillow would paint the file's background.
    sheet = Image.new("RGB", (20, 16), "white")
    sheet.paste(noise(8, 6), (4, 2))
    return seen + [("animation-part.webp", sheet)]


def make_reduced():
    """Larger pictures at 1/4 of their size."""
    picture = smooth(51, 41).resize((204, 164), Image.Resampling.BICUBIC)
    files = {
        "large.png": encoded(with_alpha(picture.crop((0, 0, 203, 161))), "PNG"),
        "large.jpg": encoded(picture, "JPEG", quality=90),
        "large-progressive.jpg": encoded(picture, "JPEG", quality=90, progressive=True),
        "large.webp": encoded(picture, "WEBP", quality=90),
        "large-lossless.webp": encoded(picture, "WEBP", lossless=True),
    }
    for name, content in files.items():
        (FIXTURES / name).write_bytes(content)
    return [(name, over_white(Image.open(io.BytesIO(content))).reduce(4)) for name, content in files.items()]


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
    return [(name, over_white(Image.open(FIXTURES / name))) for name in files]


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
    write_pixels("files", make_files() + make_oriented() + make_profiled() + make_odd())
    write_pixels("reduced", make_reduced())
    if arguments.pngsuite:
        write_pixels("pngsuite", make_pngsuite(arguments.pngsuite))


if __name__ == "__main__":
    main()
