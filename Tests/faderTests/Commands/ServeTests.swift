import Foundation
import Jobs
import TestSupport
import Testing

/// The command that serves, as a program of its own.
@Suite("fader serve", .serialized) struct ServeTests {
    @Test("It says where it listens, answers who names the token, keeps that out of its log, and ends at SIGTERM") func serving() throws {
        let folder = try TemporaryFolder()
        let outcome = try Program.run(
            [folder.url.path],
            shell: """
                "$0" serve --listen 127.0.0.1:0 --folder "$1/state" --log "$1/log" 2> "$1/said" &
                server=$!
                until address=$(grep -o 'http://[0-9.:]*' "$1/said"); do kill -0 $server || exit 3; sleep 0.05; done
                curl --silent --show-error --fail --header "Authorization: Bearer $FADER_TOKEN" "$address/v1/packs" || exit 4
                curl --silent --output /dev/null --write-out ' %{http_code}' "$address/v1/packs?$FADER_TOKEN"
                kill -TERM $server
                wait $server
                """, environment: ["FADER_TOKEN": "a-token-that-is-secret", "XDG_STATE_HOME": folder.url.path])
        #expect(outcome.code == 0, "\(outcome.complaint)")
        let said = String(decoding: outcome.output, as: UTF8.self)
        #expect(said.hasPrefix("{\"packs\":[{") && said.hasSuffix(" 401"))
        let log = try String(contentsOf: folder.url.appendingPathComponent("log"), encoding: .utf8)
        #expect(log.contains("GET /v1/packs 200") && log.contains("GET /v1/packs 401"))
        #expect(!log.contains("secret"))
    }

    @Test("When the server is killed in the middle of twenty jobs, all twenty finish after a restart, each once") func killed() throws {
        let folder = try TemporaryFolder()
        let outcome = try Program.run(
            [folder.url.path, Program.samples[0]],
            shell: """
                folder="$1" picture="$2"
                begin() {
                    "$0" serve --listen 127.0.0.1:0 2> "$folder/said" &
                    server=$!
                    until address=$(grep -o 'http://[0-9.:]*' "$folder/said"); do kill -0 $server || exit 3; sleep 0.05; done
                }
                begin
                id=$(curl --silent --fail -H 'Content-Type: image/png' --data-binary "@$picture" "$address/v1/pictures" | grep -o '[0-9a-f]\\{64\\}' | head -1)
                for number in 1 2; do
                    for seed in 1 2 3 4 5 6 7 8 9; do
                        curl --silent --fail --output /dev/null -H 'Content-Type: application/json' \
                            -d "{\\"picture\\":\\"$id\\",\\"steps\\":8,\\"seed\\":$number$seed}" "$address/v1/jobs" || exit 4
                    done
                    curl --silent --fail -F "image=@$picture" "$address/edit?prompt=night" >> "$folder/paths" || exit 5
                done
                until "$0" jobs show 6 --json | grep -q '"progress"'; do sleep 0.02; done
                kill -9 $server
                wait $server
                "$0" jobs list --json > "$folder/left"
                begin
                "$0" jobs watch > "$folder/watched" || exit 6
                for path in $(grep -o '[0-9a-f]\\{32\\}\\.png' "$folder/paths"); do
                    curl --silent --fail --output /dev/null "$address/image/$path" || exit 7
                    echo "$path"
                done
                kill -TERM $server
                wait $server
                """, environment: ["XDG_STATE_HOME": folder.url.path])
        #expect(outcome.code == 0, "\(outcome.complaint)")
        let left = try String(contentsOf: folder.url.appendingPathComponent("left"), encoding: .utf8)
        #expect(left.contains("\"queued\""))
        let queue = try JobQueue(environment: ["XDG_STATE_HOME": folder.url.path])
        let jobs = try queue.jobs()
        #expect(jobs.count == 20 && jobs.allSatisfy { $0.state == .completed }, "\(jobs.compactMap(\.error))")
        #expect(jobs.filter { $0.kind == "edit" }.count == 2)
        let completed = try queue.events(limit: 100_000).filter { $0.kind == .completed }.map(\.job)
        #expect(completed.sorted() == Array(1...20))
        #expect(String(decoding: outcome.output, as: UTF8.self).split(separator: "\n").filter { $0.hasSuffix(".png") }.count == 4)
    }

    @Test("An address that others reach takes a token, before anything is loaded") func token() throws {
        let folder = try TemporaryFolder()
        let outcome = try Program.run("serve", "--listen", "0.0.0.0:0", "--folder", folder.url.path)
        outcome.expectOneSentence()
        #expect(outcome.complaint.contains("--token") && outcome.complaint.contains("TLS"))
        #expect(try folder.names.isEmpty)
    }

    @Test("What is no address is bad usage") func address() throws {
        #expect(try Program.run("serve", "--listen", "everywhere").code == 2)
    }

    @Test("An address that is taken is told in a sentence") func taken() throws {
        let folder = try TemporaryFolder()
        let socket = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(socket) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                _ = bind(socket, $0, size)
                _ = listen(socket, 1)
                _ = getsockname(socket, $0, &size)
            }
        }
        let outcome = try Program.run(
            ["serve", "--listen", "127.0.0.1:\(UInt16(bigEndian: address.sin_port))"], environment: ["XDG_STATE_HOME": folder.url.path])
        outcome.expectOneSentence()
        #expect(outcome.complaint.contains("address already in use"))
    }
}
