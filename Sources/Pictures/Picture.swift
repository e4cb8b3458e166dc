import Foundation

/// A picture of 8-bit red, green and blue samples, in memory.
public struct Picture: Sendable, Equatable {
    /// Pixels in a row, at least 1.
    public let width: Int
    /// Rows, at least 1.
    public let height: Int
    /// The samples `[height, width, 3]`, row by row from the top left, red first, 0 to 255.
    public var pixels: [UInt8]

    /// A picture of the given samples `[height, width, 3]`.
    /// - Throws: `PictureError` when a side is out of range or the count is not width × height × 3.
    public init(width: Int, height: Int, pixels: [UInt8]) throws(PictureError) {
        guard PictureLimits.allow(width: width, height: height) else { throw .badSize(width: width, height: height) }
        guard pixels.count == width * height * 3 else {
            throw .wrongSampleCount(width: width, height: height, count: pixels.count)
        }
        self.width = width
        self.height = height
        self.pixels = pixels
    }

    /// A picture whose size is known to be right and whose samples `fill` writes, every one of them.
    init<Failure: Error>(
        width: Int, height: Int, filledBy fill: (UnsafeMutableBufferPointer<UInt8>) throws(Failure) -> Void
    ) throws(Failure) {
        self.width = width
        self.height = height
        pixels = try [UInt8](filled: width * height * 3, by: fill)
    }

    /// The rectangle of `width` × `height` pixels whose top left is (`x`, `y`).
    /// - Throws: `PictureError.cropOutside` unless the rectangle is at least one pixel and wholly inside.
    public func cropped(x: Int, y: Int, width: Int, height: Int) throws(PictureError) -> Picture {
        guard x >= 0, y >= 0, width > 0, height > 0, width <= self.width, height <= self.height,
            x <= self.width - width, y <= self.height - height
        else {
            throw .cropOutside(x: x, y: y, width: width, height: height, pictureWidth: self.width, pictureHeight: self.height)
        }
        var samples: [UInt8] = []
        samples.reserveCapacity(width * height * 3)
        for row in y..<y + height {
            let start = (row * self.width + x) * 3
            samples += pixels[start..<start + width * 3]
        }
        return try Picture(width: width, height: height, pixels: samples)
    }
}

extension [UInt8] {
    /// `count` bytes that `fill` writes, every one of them.
    init<Failure: Error>(
        filled count: Int, by fill: (UnsafeMutableBufferPointer<UInt8>) throws(Failure) -> Void
    ) throws(Failure) {
        var failure: Failure?
        self.init(unsafeUninitializedCapacity: count) { buffer, initialized in
            do throws(Failure) {
                try fill(UnsafeMutableBufferPointer(rebasing: buffer[..<count]))
                initialized = count
            } catch {
                failure = error
            }
        }
        if let failure { throw failure }
    }
}
