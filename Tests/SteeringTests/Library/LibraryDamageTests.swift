import Foundation
import Steering
import TestSupport
import Testing

@Suite("Libraries that cannot be used") struct LibraryDamageTests {
    /// The bytes of a library that has been closed.
    private func closedLibrary(_ pack: LibraryPack) throws -> Data {
        var library: FeatureLibrary? = try pack.library()
        try library?.setLabels((0..<64).map { ($0, "label \($0)") })
        library = nil
        return try Data(contentsOf: pack.pack.folder.appendingPathComponent("features.sqlite"))
    }

    private func replace(_ pack: LibraryPack, _ bytes: some Sequence<UInt8>) throws {
        let file = pack.pack.folder.appendingPathComponent("features.sqlite")
        for suffix in ["", "-wal", "-shm"] { try? FileManager.default.removeItem(atPath: file.path + suffix) }
        try Data(bytes).write(to: file)
    }

    /// Uses the library in every way that reads.
    private func useAll(_ pack: LibraryPack) throws {
        let library = try pack.library()
        try library.requireIntact()
        _ = try library.features(matching: "label", orderedBy: .maximum)
        _ = try library.features(orderedBy: .index, count: 64)
        _ = try CountedFeatures(library)
        _ = (try library.groups(), try library.directions(), try library.iconTemplate())
        try library.setLabel("x", of: 1)
    }

    @Test("Damage anywhere is one sentence or goes unnoticed, and never ends the program", arguments: 0..<24) func damage(place: Int) throws
    {
        let pack = try LibraryPack()
        var bytes = try closedLibrary(pack)
        var generator = SeededGenerator(seed: UInt64(place))
        let start = bytes.count * place / 24
        for offset in start..<min(start + 600, bytes.count) { bytes[offset] = UInt8.random(in: 0...255, using: &generator) }
        try replace(pack, bytes)
        do {
            try useAll(pack)
        } catch {
            #expect(error is LibraryError, "\(error)")
            #expect(!String(describing: error).contains { $0.isNewline })
        }
    }

    @Test("A file that was cut off is one sentence", arguments: [50, 100, 4096, 20_000]) func truncation(count: Int) async throws {
        let pack = try LibraryPack()
        try replace(pack, try closedLibrary(pack).prefix(count))
        let message = try await refusal { try useAll(pack) }
        #expect(message.contains("features.sqlite") && message.contains("--renew"))
    }

    @Test("What is no library is left alone") func others() async throws {
        let pack = try LibraryPack()
        let text = Data(
            "this is a text, and longer than the hundred bytes that the header of such a file takes; so it is no library at all.\n".utf8)
        try replace(pack, text)
        let message = try await refusal { try pack.library() }
        #expect(message.contains("this is not a feature library"))
        #expect(try Data(contentsOf: pack.pack.folder.appendingPathComponent("features.sqlite")) == text)
    }

    @Test("A library of another version is refused, and stays") func version() async throws {
        let pack = try LibraryPack()
        var bytes = try closedLibrary(pack)
        bytes[63] = 9  // The last byte of SQLite's user version.
        try replace(pack, bytes)
        let message = try await refusal { try pack.library() }
        #expect(message.contains("is of version 9, and this Fader reads version 1"))
    }

    @Test("A library of another pack is refused, and stays") func otherPack() async throws {
        let pack = try LibraryPack()
        let other = try LibraryPack(.portrait)
        try replace(other, try closedLibrary(pack))
        let message = try await refusal { try other.library() }
        #expect(message.contains("belongs to another pack"))
        let kept = try FeatureLibrary(of: pack.pack, at: other.pack.folder.appendingPathComponent("features.sqlite"))
        #expect(try kept.feature(7).label == "label 7")
    }

    @Test("A library that is set aside keeps all it had under the next free name") func aside() throws {
        let pack = try LibraryPack()
        let file = pack.pack.folder.appendingPathComponent("features.sqlite")
        #expect(try LibraryLocation.setAside(file) == nil)
        for number in 1...2 {
            try replace(pack, try closedLibrary(pack))
            let place = try #require(try LibraryLocation.setAside(file))
            #expect(place.lastPathComponent == "features.aside-\(number).sqlite")
            #expect(!FileManager.default.fileExists(atPath: file.path))
            #expect(try FeatureLibrary(of: pack.pack, at: place).feature(7).label == "label 7")
        }
    }

    @Test(
        "Where the pack cannot be written, the library is the user's own and begins with the pack's",
        .enabled(if: geteuid() != 0, "Root may write everywhere.")
    ) func readOnlyPack() throws {
        let pack = try LibraryPack()
        _ = try closedLibrary(pack)
        try FileManager.default.setAttributes([.posixPermissions: 0o555], ofItemAtPath: pack.pack.folder.path)
        defer { try? FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: pack.pack.folder.path) }
        let home = pack.folder.url.appendingPathComponent("data").path
        let file = try LibraryLocation.file(of: pack.pack, environment: ["XDG_DATA_HOME": home])
        #expect(file.path.hasPrefix(home + "/fader/"))
        #expect(try FeatureLibrary(of: pack.pack, at: file).feature(7).label == "label 7")
    }

    @Test("Many may open a library that is not there yet at the same time") func manyOpeners() async throws {
        for _ in 0..<20 {
            let pack = try LibraryPack()
            try await withThrowingTaskGroup(of: Void.self) { group in
                for feature in 0..<8 { group.addTask { try pack.library().setLabel("label \(feature)", of: feature) } }
                try await group.waitForAll()
            }
            #expect(try pack.library().features(orderedBy: .index, count: 8).map(\.label) == (0..<8).map { "label \($0)" })
        }
    }

    @Test("Two connections may write at the same time, and nothing is lost") func twoWriters() async throws {
        let pack = try LibraryPack()
        try await withThrowingTaskGroup(of: Void.self) { group in
            for half in 0..<2 {
                group.addTask {
                    let library = try pack.library()
                    for feature in stride(from: half, to: 64, by: 2) { try library.setLabel("label \(feature)", of: feature) }
                }
            }
            try await group.waitForAll()
        }
        let library = try pack.library()
        #expect(try library.features(orderedBy: .index, count: 64).map(\.label) == (0..<64).map { "label \($0)" })
    }
}
