import Pictures

/// A picture to show, or two combined; it is composed only when it is drawn.
enum Composition: Sendable, Equatable {
    case single(Picture)
    /// The picture before, left of the divider, and the one after, right of it.
    case wipe(before: Picture, after: Picture, divider: Double)
    /// How much each sample differs, times the gain.
    case difference(before: Picture, after: Picture, gain: Int)
    /// Icons of one size, one below the other, with grey of some brightness between and where there is none yet. They are of what is done to
    /// `template`.
    case column([Picture?], template: Picture, width: Int, height: Int, ground: UInt8)

    /// The size of the picture, in pixels.
    var size: (width: Int, height: Int) {
        switch self {
        case .single(let picture), .wipe(let picture, _, _), .difference(let picture, _, _): (picture.width, picture.height)
        case .column(let icons, _, let width, let height, _): (width, height * icons.count)
        }
    }

    /// The visible part of the picture.
    func picture(in viewport: Viewport) -> Picture {
        switch self {
        case .single(let picture): return viewport.part(of: picture)
        case .wipe(let before, let after, let divider):
            let (before, after) = Self.matching(viewport.part(of: before), viewport.part(of: after))
            return before.wiped(to: after, at: divider)
        case .difference(let before, let after, let gain):
            let (before, after) = Self.matching(viewport.part(of: before), viewport.part(of: after))
            return before.difference(to: after, amplified: gain)
        case .column(let icons, let template, let width, let height, let ground):
            // The sizes fit by construction; if they did not, the template alone would be shown.
            return (try? .column(icons, width: width, height: height, ground: ground)) ?? template
        }
    }

    /// Both pictures in the size of the first: previews are small.
    private static func matching(_ before: Picture, _ after: Picture) -> (Picture, Picture) {
        (before, (try? after.resized(width: before.width, height: before.height)) ?? before)
    }
}

extension Picture {
    /// Pictures one below the other, with a line after each; the ground where there is none.
    /// - Throws: `PictureError` when there is none at all, or they are too large together.
    fileprivate static func column(_ pictures: [Picture?], width: Int, height: Int, ground: UInt8) throws -> Picture {
        let gap = min(2, height - 1)
        let samples = try pictures.flatMap { picture in
            let scaled = try picture?.resized(width: width, height: height - gap).pixels
            return (scaled ?? Array(repeating: ground, count: 3 * width * (height - gap)))
                + Array(repeating: ground, count: 3 * width * gap)
        }
        return try Picture(width: width, height: height * pictures.count, pixels: samples)
    }

    /// The left part of this picture and the rest of another of the same size, with a line between them.
    fileprivate func wiped(to after: Picture, at divider: Double) -> Picture {
        let line = Int((divider * Double(width)).rounded())
        var result = after
        for row in 0..<height {
            let start = 3 * row * width
            result.pixels.replaceSubrange(start..<start + 3 * line, with: pixels[start..<start + 3 * line])
            if (1..<width).contains(line) {
                result.pixels.replaceSubrange(start + 3 * line..<start + 3 * line + 3, with: repeatElement(255, count: 3))
            }
        }
        return result
    }

    /// The differences to a picture of the same size: black where there is none.
    fileprivate func difference(to other: Picture, amplified factor: Int) -> Picture {
        var result = self
        for (index, pair) in zip(pixels, other.pixels).enumerated() {
            result.pixels[index] = UInt8(clamping: abs(Int(pair.0) - Int(pair.1)) * factor)
        }
        return result
    }

    /// This picture and another one beside it, both as high as this one.
    /// - Throws: `PictureError` when the two are too large together.
    func beside(_ other: Picture) throws -> Picture {
        let width = max(1, other.width * height / other.height)
        let right = try other.resized(width: width, height: height)
        var pixels: [UInt8] = []
        pixels.reserveCapacity(3 * height * (self.width + width))
        for row in 0..<height {
            pixels += self.pixels[3 * row * self.width..<3 * (row + 1) * self.width]
            pixels += right.pixels[3 * row * width..<3 * (row + 1) * width]
        }
        return try Picture(width: self.width + width, height: height, pixels: pixels)
    }
}
