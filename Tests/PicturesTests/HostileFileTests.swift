import Foundation
import TestSupport
import Testing

@testable import Pictures

/// Damaged files may be read or refused, but never end the program; sanitizers watch the rest.
@Suite("Hostile files") struct HostileFileTests {
    static let names = Fixtures.files.keys.sorted() + Fixtures.reduced.keys.sorted()

    @Test("A file cut anywhere is read at its full size or refused", arguments: names)
    func truncated(_ name: String) throws {
        let whole = try Fixtures.data(name)
        for count in stride(from: 0, to: whole.count, by: max(3, whole.count / 60)) {
            try expectPictureOrRefusal(whole.prefix(count), name: name)
        }
    }

    @Test("A file with changed bytes is read or refused", arguments: names)
    func changed(_ name: String) throws {
        let whole = try Fixtures.data(name)
        var generator = SeededGenerator(seed: 7)
        for _ in 0..<60 {
            var bytes = whole
            for _ in 0..<Int.random(in: 1...6, using: &generator) {
                // Headers matter most.
                let end = Bool.random(using: &generator) ? min(64, bytes.count) : bytes.count
                bytes[Int.random(in: 0..<end, using: &generator)] = UInt8.random(in: 0...255, using: &generator)
            }
            try expectPictureOrRefusal(bytes, name: name)
        }
    }

    @Test("Bytes inserted or taken out are survived", arguments: names)
    func shifted(_ name: String) throws {
        let whole = try Fixtures.data(name)
        var generator = SeededGenerator(seed: 11)
        for _ in 0..<30 {
            var bytes = whole
            let start = Int.random(in: 0..<bytes.count, using: &generator)
            if Bool.random(using: &generator) {
                bytes.removeSubrange(start..<min(bytes.count, start + Int.random(in: 1...9, using: &generator)))
            } else {
                bytes.insert(contentsOf: [0xFF, 0xD8, 0xFF, 0xC0], at: start)
            }
            try expectPictureOrRefusal(bytes, name: name)
        }
    }

    private func expectPictureOrRefusal(_ bytes: Data, name: String) throws {
        do {
            let picture = try Picture(data: bytes, name: name, shorterSide: 20)
            #expect(picture.pixels.count == picture.width * picture.height * 3)
        } catch let error as PictureError {
            #expect(error.description.hasPrefix(name))
        }
    }
}
