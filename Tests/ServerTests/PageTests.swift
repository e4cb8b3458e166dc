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

    @Test(.enabled(if: areInstalled, "Chromium and its client are not installed; make test-tools installs them."))
    func `A page of another origin preprocesses and generates where that is allowed, and gets nothing where it is not`() async throws {
        let port = try freePort()
        try await RunningServer.with {
            $0.origins = ["http://127.0.0.1:\(port)"]
        } _: { server in
            let script = RunningServer.repository.appendingPathComponent("Tests/ServerTests/Clients/cross_origin_client.py").path
            let sample = RunningServer.repository.appendingPathComponent("assets/samples/03.png").path
            let lines = try await output(
                of: Self.python, [script, Self.chromium, "http://127.0.0.1:\(server.port)", sample, String(port)])
            let seen = try lines.map { try #require(try JSONSerialization.jsonObject(with: Data($0.utf8)) as? [Any]) }
            #expect(seen.count == 2)
            #expect(seen.first?.dropFirst().map { $0 as? Int } == [2, 128, 128])
            #expect((seen.last?[1] as? String)?.contains("Failed to fetch") == true)
        }
    }

    /// A port on which nobody listens.
    private func freePort() throws -> Int {
        let descriptor = socket(AF_INET, CInt(SOCK_STREAM.rawValue), 0)
        defer { close(descriptor) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let status = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { bind(descriptor, $0, size) | getsockname(descriptor, $0, &size) }
        }
        guard status == 0 else { throw POSIXError(.EADDRINUSE) }
        return Int(UInt16(bigEndian: address.sin_port))
    }
}
