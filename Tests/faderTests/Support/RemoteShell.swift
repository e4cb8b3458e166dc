import Foundation
import TestSupport

/// This machine as ssh reaches it: an sshd of the test's own, with keys of its own, that needs no port.
final class RemoteShell {
    /// Whether one can log in here in this way.
    static let isPossible: Bool = {
        guard Tool.areInstalled("ssh", "sshd", "ssh-keygen"), let shell = try? RemoteShell() else { return false }
        return Tool.output("ssh", Array(shell.command(running: ["true"]).dropFirst())) != nil
    }()

    private let folder: TemporaryFolder

    /// - Throws: when the keys cannot be made.
    init() throws {
        folder = try TemporaryFolder()
        for name in ["host", "user"] {
            guard Tool.output("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-f", path(name)]) != nil else {
                throw CocoaError(.fileWriteUnknown)
            }
        }
    }

    /// What runs a command at the other end, in a terminal that is made for it there.
    func command(running words: [String]) -> [String] {
        let variables = Program.environment.merging(["LC_ALL": "C.UTF-8", "HOME": folder.url.path]) { $1 }
        let line = (["exec", "env"] + variables.map { quoted("\($0.key)=\($0.value)") }.sorted() + words.map(quoted)).joined(separator: " ")
        let options = [
            "ProxyCommand=\(server)", "IdentityFile=\(path("user"))", "IdentitiesOnly=yes", "BatchMode=yes", "StrictHostKeyChecking=no",
            "UserKnownHostsFile=/dev/null", "LogLevel=ERROR",
        ]
        return ["ssh", "-F", "/dev/null", "-tt"] + options.flatMap { ["-o", $0] } + ["localhost", line]
    }

    /// An sshd for one connection, on standard input and output.
    private var server: String {
        let options = [
            "HostKey=\(path("host"))", "AuthorizedKeysFile=\(path("user.pub"))", "StrictModes=no", "UsePAM=no", "PermitRootLogin=yes",
        ]
        return ([Tool.path("sshd") ?? "sshd", "-i", "-f", "/dev/null"] + options.flatMap { ["-o", $0] }).joined(separator: " ")
    }

    private func path(_ name: String) -> String { folder.url.appendingPathComponent(name).path }

    private func quoted(_ text: String) -> String { "'" + text.replacingOccurrences(of: "'", with: "'\\''") + "'" }
}
