import Foundation
import TestSupport

/// A Slurm cluster of this machine alone, with its files in a folder of its own.
final class SlurmCluster {
    /// Whether Slurm's programs are here, and the user may start them.
    static let isInstalled =
        geteuid() == 0
        && ["/usr/bin/sbatch", "/usr/sbin/slurmctld", "/usr/sbin/slurmd"].allSatisfy(FileManager.default.isExecutableFile)

    private let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
        for name in ["state", "spool"] {
            try FileManager.default.createDirectory(at: folder.url.appendingPathComponent(name), withIntermediateDirectories: true)
        }
        try Data(configuration.utf8).write(to: folder.url.appendingPathComponent("slurm.conf"))
        // They go on in the background.
        for server in ["/usr/sbin/slurmctld", "/usr/sbin/slurmd"] { _ = try output(server, []) }
        try wait { try self.output("/usr/bin/sinfo", ["--noheader", "--format=%t"]).hasPrefix("idle") }
    }

    deinit {
        for server in ["slurmd", "slurmctld"] {
            let file = folder.url.appendingPathComponent("\(server).pid")
            if let text = try? String(contentsOf: file, encoding: .utf8),
                let process = Int32(text.trimmingCharacters(in: .whitespacesAndNewlines))
            {
                kill(process, SIGTERM)
            }
        }
    }

    /// Runs a script that submits jobs.
    /// - Returns: what it prints.
    func submit(_ script: String, _ arguments: [String]) throws -> String {
        try output(script, arguments).trimmingCharacters(in: .whitespacesAndNewlines)
    }

    /// Waits for a job to end, however it ends.
    func wait(for job: String) throws {
        try wait { try !self.output("/usr/bin/squeue", ["--noheader", "--format=%i"]).split(separator: "\n").contains { $0 == job } }
    }

    /// What the jobs have written.
    func logs(beside output: URL) -> String {
        let folder = output.deletingLastPathComponent()
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
        return names.filter { $0.hasSuffix(".log") }.sorted()
            .map { (try? String(contentsOf: folder.appendingPathComponent($0), encoding: .utf8)) ?? "" }.joined(separator: "\n")
    }

    private func wait(until isDone: () throws -> Bool) throws {
        let deadline = Date(timeIntervalSinceNow: 300)
        while try !isDone() {
            if Date() > deadline { throw CocoaError(.executableLoad) }
            Thread.sleep(forTimeInterval: 0.2)
        }
    }

    private func output(_ program: String, _ arguments: [String]) throws -> String {
        let outcome = try Program.run([program] + arguments, shell: #"exec "$@""#, environment: variables)
        return String(decoding: outcome.output, as: UTF8.self)
    }

    private var variables: [String: String] {
        ["SLURM_CONF": folder.url.appendingPathComponent("slurm.conf").path, "FADER": Program.executable.path]
    }

    private var configuration: String {
        let host = ProcessInfo.processInfo.hostName.split(separator: ".").first.map(String.init) ?? "localhost"
        let place = folder.url.path
        // Ports of its own, in case there is a real cluster.
        let port = 20_000 + Int(getpid()) % 20_000
        return """
            ClusterName=test
            SlurmctldHost=\(host)(127.0.0.1)
            SlurmUser=root
            SlurmdUser=root
            AuthType=auth/none
            CredType=cred/none
            SlurmctldPort=\(port)
            SlurmdPort=\(port + 1)
            StateSaveLocation=\(place)/state
            SlurmdSpoolDir=\(place)/spool
            SlurmctldPidFile=\(place)/slurmctld.pid
            SlurmdPidFile=\(place)/slurmd.pid
            SlurmctldLogFile=\(place)/slurmctld.log
            SlurmdLogFile=\(place)/slurmd.log
            ProctrackType=proctrack/linuxproc
            TaskPlugin=task/none
            SelectType=select/cons_tres
            SwitchType=switch/none
            MpiDefault=none
            ReturnToService=2
            NodeName=\(host) NodeAddr=127.0.0.1 CPUs=\(ProcessInfo.processInfo.processorCount) State=UNKNOWN
            PartitionName=test Nodes=\(host) Default=YES State=UP

            """
    }
}
