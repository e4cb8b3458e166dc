import CLCMS

/// What the numbers of a picture's pixels mean: an ICC profile, or the code points that video and PNG's cICP chunk use.
final class ColorProfile {
    fileprivate let handle: cmsHPROFILE

    private init(_ handle: cmsHPROFILE) {
        self.handle = handle
    }

    /// An ICC profile as files embed it; nil when it is broken.
    convenience init?(icc bytes: [UInt8]) {
        guard !bytes.isEmpty, let handle = cmsOpenProfileFromMem(bytes, UInt32(bytes.count)) else { return nil }
        self.init(handle)
    }

    /// The RGB space of ITU-T H.273 code points; nil for those that Fader does not know, high dynamic range among them.
    convenience init?(primaries: UInt8, transfer: UInt8) {
        let sRGBTransfer: UInt8 = 13
        guard transfer == sRGBTransfer, var corners = Self.primaries[primaries] else { return nil }
        var white = cmsCIExyY(x: 0.3127, y: 0.3290, Y: 1)
        guard let curve = cmsBuildParametricToneCurve(nil, 4, [2.4, 1 / 1.055, 0.055 / 1.055, 1 / 12.92, 0.04045]) else { return nil }
        defer { cmsFreeToneCurve(curve) }
        var curves: [OpaquePointer?] = [curve, curve, curve]
        guard let handle = cmsCreateRGBProfile(&white, &corners, &curves) else { return nil }
        self.init(handle)
    }

    private static let primaries: [UInt8: cmsCIExyYTRIPLE] = [
        1: corners((0.640, 0.330), (0.300, 0.600), (0.150, 0.060)),  // BT.709
        9: corners((0.708, 0.292), (0.170, 0.797), (0.131, 0.046)),  // BT.2020
        12: corners((0.680, 0.320), (0.265, 0.690), (0.150, 0.060)),  // Display P3
    ]

    private static func corners(
        _ red: (x: Double, y: Double), _ green: (x: Double, y: Double), _ blue: (x: Double, y: Double)
    ) -> cmsCIExyYTRIPLE {
        cmsCIExyYTRIPLE(
            Red: cmsCIExyY(x: red.x, y: red.y, Y: 1), Green: cmsCIExyY(x: green.x, y: green.y, Y: 1),
            Blue: cmsCIExyY(x: blue.x, y: blue.y, Y: 1))
    }

    deinit {
        cmsCloseProfile(handle)
    }
}

/// Converts 8-bit pixels of a profile's colours to sRGB, with perceptual intent, as Pillow's `ImageCms` by default.
final class ColorConversion {
    /// What a picture's pixels are and how they lie in memory.
    enum Layout {
        case rgb, rgba
        /// Grey, three times over.
        case greyRGB, greyRGBA
        /// Ink, 255 for none; what comes out is RGB of three bytes.
        case invertedCMYK

        fileprivate var space: cmsColorSpaceSignature {
            switch self {
            case .rgb, .rgba: cmsSigRgbData
            case .greyRGB, .greyRGBA: cmsSigGrayData
            case .invertedCMYK: cmsSigCmykData
            }
        }

        fileprivate var formats: (from: UInt32, to: UInt32) {
            switch self {
            case .rgb: (lcms_rgb, lcms_rgb)
            case .rgba: (lcms_rgba, lcms_rgba)
            case .greyRGB: (lcms_grey_in_rgb, lcms_rgb)
            case .greyRGBA: (lcms_grey_in_rgba, lcms_rgba)
            case .invertedCMYK: (lcms_inverted_cmyk, lcms_rgb)
            }
        }
    }

    private let transform: cmsHTRANSFORM

    /// Nil when there is nothing to convert: no profile, a broken one, one of another kind of colours, or one that is sRGB.
    init?(from profile: ColorProfile?, _ layout: Layout) {
        guard let profile, cmsGetColorSpace(profile.handle) == layout.space, let sRGB = cmsCreate_sRGBProfile() else { return nil }
        defer { cmsCloseProfile(sRGB) }
        let formats = layout.formats
        guard
            let transform = cmsCreateTransform(
                profile.handle, formats.from, sRGB, formats.to, UInt32(INTENT_PERCEPTUAL), 0)
        else { return nil }
        self.transform = transform
        if changesNothing(layout) { return nil }
    }

    /// Whether colours from all over the cube stay as they are but for rounding; then the file's own bytes are the best sRGB.
    private func changesNothing(_ layout: Layout) -> Bool {
        let levels = stride(from: UInt8(0), through: 255, by: 17)
        let colors: [[UInt8]]
        switch layout {
        case .rgb: colors = levels.flatMap { red in levels.flatMap { green in levels.map { [red, green, $0] } } }
        case .rgba: colors = levels.flatMap { red in levels.flatMap { green in levels.map { [red, green, $0, 255] } } }
        case .greyRGB: colors = levels.map { [$0, $0, $0] }
        case .greyRGBA: colors = levels.map { [$0, $0, $0, 255] }
        case .invertedCMYK: return false
        }
        let before = colors.flatMap(\.self)
        var after = before
        after.withUnsafeMutableBytes { apply(to: $0.baseAddress, count: colors.count) }
        return zip(before, after).allSatisfy { abs(Int($0) - Int($1)) <= 1 }
    }

    /// Converts `count` pixels in place.
    func apply(to pixels: UnsafeMutableRawPointer?, count: Int) {
        convert(from: pixels, to: pixels, count: count)
    }

    /// Converts `count` pixels.
    func convert(from source: UnsafeRawPointer?, to target: UnsafeMutableRawPointer?, count: Int) {
        cmsDoTransform(transform, source, target, UInt32(count))
    }

    deinit {
        cmsDeleteTransform(transform)
    }
}
