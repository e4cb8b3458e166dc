import Foundation
import Testing

@testable import Server

/// The page, used in a headless Chromium.
@Suite(.serialized) struct PageTests {
    private static let python = RunningServer.repository.appendingPathComponent(".deps/clients/bin/python").path
    private static let chromium = "/usr/bin/chromium"
    private static let areInstalled = [python, chromium].allSatisfy(FileManager.default.isExecutableFile)

    @Test(.enabled(if: areInstalled, "Chromium and its client are not installed; make test-tools installs them."))
    func `A picture is opened and edited, and nothing is complained of`() async throws {
        try await RunningServer.with { server in
            let script = RunningServer.repository.appendingPathComponent("Tests/ServerTests/Clients/page_client.py").path
            let sample = RunningServer.repository.appendingPathComponent("assets/samples/03.png").path
            let lines = try await output(of: Self.python, [script, Self.chromium, "http://127.0.0.1:\(server.port)", sample])
            let seen = try lines.map { try #require(try JSONSerialization.jsonObject(with: Data($0.utf8)) as? [Any]) }
            #expect(seen.compactMap { $0[0] as? String } == ["opened", "edited", "status", "complaints"])
            #expect(seen.first?[1] as? Int ?? 0 > 5)
            #expect(seen.dropFirst().first?[1] as? Int == 1)
            #expect(seen.last?[1] as? [String] == [])
        }
    }
}
