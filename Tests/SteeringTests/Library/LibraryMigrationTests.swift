import Foundation
import TestSupport
import Testing

@testable import Steering

@Suite("Feature libraries of earlier versions") struct LibraryMigrationTests {
    @Test("A library that knows its pack by the former fingerprint, and has no list of steps, opens with all that is in it") func former()
        throws
    {
        let pack = try LibraryPack()
        let former = try #require(pack.pack.formerFingerprint())
        do {
            let library = try pack.library()
            try library.setLabel("sunset", of: 7)
            try library.write { database in
                try database.execute(sql: "UPDATE library SET fingerprint = ?; DROP TABLE IF EXISTS grdb_migrations", arguments: [former])
            }
        }
        for _ in 0..<2 {
            let library = try pack.library()
            #expect(try library.feature(7).label == "sunset")
            #expect(try library.identity().fingerprint == pack.pack.fingerprint())
        }
    }

    @Test("A library of a later Fader is refused") func later() throws {
        let pack = try LibraryPack()
        try pack.library().write { try $0.execute(sql: "INSERT INTO grdb_migrations (identifier) VALUES ('99: later')") }
        #expect(try #require(throws: LibraryError.self) { try pack.library() }.description.contains("version"))
    }

    @Test("The library of a pack whose autoencoder was trained anew is told from its own") func retrained() throws {
        let pack = try LibraryPack()
        _ = try pack.library()
        let url = pack.pack.folder.appendingPathComponent("sae/model.safetensors")
        var bytes = try Data(contentsOf: url)
        bytes[bytes.count - 1] ^= 1
        try bytes.write(to: url)
        #expect(try #require(throws: LibraryError.self) { try pack.library() }.description.contains("other weights"))
    }
}
