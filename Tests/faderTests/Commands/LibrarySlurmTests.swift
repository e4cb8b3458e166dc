import Foundation
import Steering
import TestSupport
import Testing

@Suite("Building a library on a cluster", .serialized) struct LibrarySlurmTests {
    @Test(
        "A job array counts the parts, and a last job joins them",
        .enabled(if: SlurmCluster.isInstalled, "Slurm is not installed, or the user is not root."), .timeLimit(.minutes(10))
    ) func jobArray() throws {
        let pack = try BrokenPack("preview.json") { $0 }
        let cluster = try SlurmCluster()
        let samples = URL(fileURLWithPath: try #require(Program.samples.first)).deletingLastPathComponent().path
        let output = URL(fileURLWithPath: pack.path).appendingPathComponent("features.sqlite")
        let job = try cluster.submit(
            Program.root.appendingPathComponent("Scripts/library-on-slurm").path,
            ["3", output.path, "--pack", pack.path, "--pictures", samples])
        try cluster.wait(for: job)
        let library = try FeatureLibrary(of: Pack(URL(fileURLWithPath: pack.path)), at: output)
        #expect(try library.builtFromCount() == Program.samples.count, "\(cluster.logs(beside: output))")
        #expect(try library.activeFeatureCount() > 0)
    }

    @Test("Without a count of shards the script says how it is used") func usage() throws {
        let script = Program.root.appendingPathComponent("Scripts/library-on-slurm").path
        let outcome = try Program.run([script, "many", "out.sqlite", "--pictures", "x"], shell: #"exec "$@""#)
        #expect(outcome.code == 1)
        #expect(outcome.complaint.hasPrefix("Usage: Scripts/library-on-slurm"))
    }
}
