import Foundation
import Pictures
import Testing

@testable import Server

@Suite(.serialized) struct JobRouteTests {
    private struct Job: Decodable {
        let id: Int
        let state: String
    }
    private struct Jobs: Decodable { let jobs: [Job] }

    /// The numbers and names of events.
    private func events(_ reply: Reply?) throws -> [(id: Int, name: String)] {
        let blocks = try #require(reply).text.components(separatedBy: "\n\n").filter { $0.hasPrefix("id: ") }
        return try blocks.map { block in
            let lines = block.components(separatedBy: "\n")
            return (try #require(Int(lines[0].dropFirst("id: ".count))), String(lines[1].dropFirst("event: ".count)))
        }
    }

    @Test func `A render that is queued is done, and its events can be heard from any on`() async throws {
        try await RunningServer.with { server in
            let id = try await server.upload()
            let reply = try #require(try await server.post(json: "{\"picture\":\"\(id)\",\"set\":[\"3=4\"],\"steps\":2}", to: "/v1/jobs"))
            #expect(reply.status == 202)
            let place = try #require(reply.headers["location"])
            let all = try events(try await server.get("\(place)/events"))
            #expect(all.first?.name == "queued" && all.last?.name == "completed")
            #expect(all.map(\.id) == all.map(\.id).sorted())
            #expect(all.contains { $0.name == "progress" })
            let rest = try events(try await server.get("\(place)/events", headers: ["Last-Event-ID": "\(all[1].id)"]))
            #expect(rest.map(\.id) == all.dropFirst(2).map(\.id))
            #expect(try events(try await server.get("\(place)/events?last_event_id=\(all[all.count - 1].id)")).isEmpty)
            for wrong in ["-1", "x", "99999999999999999999"] {
                let reply = try await server.get("\(place)/events?last_event_id=\(wrong)", headers: ["Last-Event-ID": "0"])
                #expect(reply?.status == 422)
            }
            #expect(try #require(try await server.get(place)).json(Job.self).state == "completed")
            let result = try #require(try await server.get("\(place)/result"))
            #expect(try Picture(data: result.body, name: "result").width == Picture(data: RunningServer.sample, name: "sample").width)
            #expect(try #require(try await server.get("/v1/jobs")).json(Jobs.self).jobs.count == 1)
            #expect(try await ask("DELETE", place, port: server.port)?.status == 409)
            #expect(try await ask("POST", "\(place)/retry", port: server.port)?.status == 409)
        }
    }

    @Test func `A job that runs is cancelled, and can be queued anew`() async throws {
        try await RunningServer.with { server in
            let id = try await server.upload()
            let reply = try #require(try await server.post(json: "{\"picture\":\"\(id)\",\"steps\":1000}", to: "/v1/jobs"))
            let place = try #require(reply.headers["location"])
            #expect(try await ask("DELETE", place, port: server.port)?.status == 200)
            #expect(try events(try await server.get("\(place)/events")).last?.name == "cancelled")
            #expect(try await server.get("\(place)/result")?.status == 404)
            #expect(try await ask("POST", "\(place)/retry", port: server.port)?.status == 202)
            #expect(try await ask("DELETE", place, port: server.port)?.status == 200)
        }
    }

    @Test func `What is no job is not found, and what cannot be queued is refused`() async throws {
        try await RunningServer.with { server async throws in
            for place in [
                "/v1/jobs/1", "/v1/jobs/x", "/v1/jobs/-1", "/v1/jobs/99999999999999999999", "/v1/jobs/1/events", "/v1/jobs/..%2f1",
            ] {
                #expect(try await server.get(place)?.status == 404)
            }
            let unknown = String(repeating: "0", count: 64)
            #expect(try await server.post(json: "{\"picture\":\"\(unknown)\"}", to: "/v1/jobs")?.status == 404)
            #expect(try await server.post(json: "{\"prompt\":\"night\",\"steps\":0}", to: "/v1/jobs")?.status == 422)
        }
    }
}
