import Files
import Foundation
import TestSupport
import Testing

@testable import Pictures

@Suite("Picture files") struct PictureReadingTests {
    @Test("Every kind of file is read as Pillow reads it", arguments: Fixtures.files.keys.sorted())
    func asPillow(_ name: String) throws {
        let picture = try Picture(contentsOf: Fixtures.url(name))
        let expected = try #require(Fixtures.files[name])
        let difference = try #require(largestDifference(picture, expected))
        let isExact = name.hasSuffix(".png") && !name.hasPrefix("profile-")
        #expect(difference <= (isExact ? 0 : name.hasPrefix("cmyk") ? 2 : 1))
    }

    @Test("A large PNG file is read at 1/4 as Pillow reduces it") func reduced() throws {
        let expected = try #require(Fixtures.reduced["large.png"])
        let picture = try Picture(contentsOf: Fixtures.url("large.png"), shorterSide: 161 / 4)
        #expect(try #require(largestDifference(picture, expected)) <= 1)
    }

    @Test(
        "Read at 1/4 and resized, a picture looks as read whole and resized",
        arguments: Fixtures.reduced.keys.sorted().filter { $0 != "large.png" })
    func reducedAndResized(_ name: String) throws {
        let reduced = try Picture(contentsOf: Fixtures.url(name), shorterSide: 41)
        let whole = try Picture(contentsOf: Fixtures.url(name))
        #expect((reduced.width, reduced.height) == (51, 41) && (whole.width, whole.height) == (204, 164))
        let difference = try meanDifference(reduced.resized(width: 25, height: 20), whole.resized(width: 25, height: 20))
        #expect(try #require(difference) < 3, "\(String(describing: difference))")
    }

    @Test("A picture is not read smaller than it is needed", arguments: Fixtures.reduced.keys.sorted())
    func notTooSmall(_ name: String) throws {
        let whole = try Picture(contentsOf: Fixtures.url(name))
        for shorterSide in [1, 20, 53, 80, 83, 161, 1000] {
            let picture = try Picture(contentsOf: Fixtures.url(name), shorterSide: shorterSide)
            #expect(picture.height >= min(whole.height, shorterSide))
            #expect(abs(Double(picture.width) / Double(picture.height) - Double(whole.width) / Double(whole.height)) < 0.12)
            if shorterSide > 82 { #expect(picture == whole) }
        }
    }

    @Test("There are fixtures of every kind of readable file") func fixturesAreThere() {
        #expect(Fixtures.files.count == 88)
        #expect(Fixtures.reduced.count == 5)
    }

    @Test("A profile changes what is seen", arguments: ["profile-adobe-rgb.jpg", "profile-prophoto.png", "profile-adobe-rgb.webp"])
    func profiles(_ name: String) throws {
        var bytes = try Fixtures.data(name)
        let before = try Picture(data: bytes, name: name)
        let mark = try #require(["ICC_PROFILE", "iCCP", "ICCP"].compactMap { bytes.range(of: Data($0.utf8)) }.first)
        // Under another name the profile is passed over.
        bytes.replaceSubrange(mark, with: Data("abcdefghijk".utf8.prefix(mark.count)))
        if name.hasSuffix(".png") { bytes = try withChecksum(bytes, ofChunkAt: mark.lowerBound) }
        #expect(try #require(meanDifference(before, Picture(data: bytes, name: name))) > 3)
    }

    @Test("A checksum that is wrong in a critical chunk is refused", arguments: ["IHDR", "IDAT", "IEND"])
    func checksums(_ type: String) throws {
        var bytes = try Fixtures.data("rgb.png")
        let place = try #require(bytes.range(of: Data(type.utf8)))
        let length = bytes[(place.lowerBound - 4)..<place.lowerBound].reduce(0) { $0 << 8 | Int($1) }
        bytes[place.upperBound + length] ^= 1
        #expect(throws: PictureError.damaged(name: "p", reason: "the checksum of a PNG chunk is wrong")) {
            try Picture(data: bytes, name: "p")
        }
    }

    @Test(
        "A file of another kind is named, whatever its suffix",
        arguments: [
            ("GIF89a...", "a GIF"), ("BM6\0\0\0\0\0\0\0", "a BMP"), ("II*\0....", "a TIFF"), ("MM\0*....", "a TIFF"),
            ("\0\0\0\u{18}ftypheic", "a HEIC"), ("\0\0\0\u{18}ftypmif1", "a HEIC"), ("\0\0\0\u{18}ftypavif", "an AVIF"),
            ("\0\0\0\u{18}ftypisom", "a video"), ("8BPS", "a Photoshop file"), ("<svg xmlns", "an SVG"),
            ("<?xml version=\"1.0\"?>\n<svg>", "an SVG"), ("%PDF-1.7", "a PDF"), ("  <!DOCTYPE HTML><html>", "a web page"),
            ("PK\u{3}\u{4}", "a ZIP archive"), ("version https://git-lfs.github.com/spec/v1", "Git LFS"), ("P6\n3 2\n", "a PPM"),
        ])
    func otherKinds(_ start: String, _ kind: String) throws {
        let error = #expect(throws: PictureError.self) { try Picture(data: Data(start.utf8), name: "photo.jpg") }
        let sentence = try #require(error?.description)
        #expect(sentence.hasPrefix("photo.jpg: this is ") && sentence.contains(kind) && sentence.hasSuffix("."))
    }

    @Test("Text that merely begins like a BMP is no BMP") func textLikeBitmap() {
        #expect(throws: PictureError.unknownFormat(name: "p")) { try Picture(data: Data("BMW made a car".utf8), name: "p") }
    }

    @Test("The eight orientations show the same picture upright", arguments: 2...8)
    func orientations(_ orientation: Int) throws {
        let stored = try Picture(contentsOf: Fixtures.url("orientation-1.jpg"))
        let turned = try Picture(contentsOf: Fixtures.url("orientation-\(orientation).jpg"))
        #expect(turned.width == (orientation >= 5 ? stored.height : stored.width))
        #expect(turned.pixels.reduce(0) { $0 + Int($1) } == stored.pixels.reduce(0) { $0 + Int($1) })
        #expect(turned != stored)
    }

    @Test("The bytes decide the format, not the name") func sniffing() throws {
        let jpeg = try Picture(data: Fixtures.data("444.jpg"), name: "picture.png")
        #expect(jpeg == (try Picture(contentsOf: Fixtures.url("444.jpg"))))
        #expect(throws: PictureError.unknownFormat(name: "text.png")) {
            try Picture(data: Data("Once upon a time".utf8), name: "text.png")
        }
    }

    @Test("An empty file is refused") func empty() {
        #expect(throws: PictureError.damaged(name: "empty.png", reason: "the file is empty")) {
            try Picture(data: Data(), name: "empty.png")
        }
    }

    @Test("A file that is not there, a folder and a pipe are refused in a sentence") func unreadable() throws {
        let folder = try TemporaryFolder()
        let pipe = folder.url.appendingPathComponent("pipe")
        #expect(mkfifo(pipe.path, 0o600) == 0)
        let missing = folder.url.appendingPathComponent("missing.png")
        #expect(throws: PictureError.unreadable(name: missing.relativePath, reason: "there is no such file")) {
            try Picture(contentsOf: missing)
        }
        for url in [pipe, folder.url] {
            #expect(throws: PictureError.unreadable(name: url.relativePath, reason: "it is not a regular file")) {
                try Picture(contentsOf: url)
            }
        }
    }

    @Test("A JPEG header beyond the limits is refused at once") func hugeJPEG() throws {
        var data = try Fixtures.data("444.jpg")
        let frame = try #require(data.range(of: Data([0xFF, 0xC0, 0x00, 0x11, 0x08])))
        data.replaceSubrange(frame.upperBound..<frame.upperBound + 4, with: [0xEA, 0x60, 0xEA, 0x60])
        #expect(throws: PictureError.tooLarge(name: "p", width: 60_000, height: 60_000)) { try Picture(data: data, name: "p") }
    }

    @Test(
        "A progressive JPEG and a lossless WebP too large to be held are refused with the way out",
        arguments: ["progressive.jpg", "lossless.webp"])
    func tooLargeAtOnce(_ name: String) throws {
        var data = try Fixtures.data(name)
        if name.hasSuffix(".jpg") {
            let frame = try #require(data.range(of: Data([0xFF, 0xC2, 0x00, 0x11, 0x08])))
            data.replaceSubrange(frame.upperBound..<frame.upperBound + 4, with: [0x2F, 0xD0, 0x3F, 0xC0])
        } else {
            // 14 bits each for width and height, less one, behind the signature.
            let start = try #require(data.range(of: Data("VP8L".utf8))).upperBound + 5
            let size: UInt32 = 15_999 | 11_999 << 14
            data.replaceSubrange(start..<start + 4, with: (0..<4).map { UInt8(truncatingIfNeeded: size >> (8 * $0)) })
        }
        let error = #expect(throws: PictureError.self) { try Picture(data: data, name: "p") }
        #expect(error?.description.contains("takes too much memory to read; save it as") == true)
    }

    @Test("A JPEG cut within its picture shows what there is, and one cut before it is refused", arguments: ["420.jpg", "progressive.jpg"])
    func truncatedJPEG(_ name: String) throws {
        let data = try Fixtures.data(name)
        let whole = try Picture(data: data, name: name)
        let scan = try #require(data.range(of: Data([0xFF, 0xDA]))).lowerBound
        for count in stride(from: 3, through: scan + 2, by: 7) {
            #expect(throws: PictureError.self) { try Picture(data: data.prefix(count), name: name) }
        }
        let cut = try Picture(data: data.prefix(scan + (data.count - scan) * 3 / 4), name: name)
        #expect(cut.width == whole.width && cut.height == whole.height)
        if name == "420.jpg" { #expect(cut.pixels.prefix(8 * 37 * 3) == whole.pixels.prefix(8 * 37 * 3)) }
        #expect(cut != whole)
    }
}

/// A PNG file whose chunk, its type beginning at `place`, has the checksum that it needs.
private func withChecksum(_ file: Data, ofChunkAt place: Int) throws -> Data {
    var file = file
    let length = file[(place - 4)..<place].reduce(0) { $0 << 8 | Int($1) }
    let checksum = Checksum.crc32(Data(file[place..<place + 4 + length]))
    file.replaceSubrange(
        place + 4 + length..<place + 8 + length, with: (0..<4).map { UInt8(truncatingIfNeeded: checksum >> (24 - 8 * $0)) })
    return file
}
