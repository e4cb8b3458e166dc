import ArgumentParser
import Foundation
import Steering

struct PackGet: EngineCommand {
    static let configuration = CommandConfiguration(
        commandName: "get", abstract: "Download the published model, and make a pack of it that goes by a name.",
        discussion: """
            Sizes and licences are shown and confirmed first. What has arrived is kept whatever happens, and the same command goes on from
            there. Files are checked against the SHA-256 that the hub has for them. The pack is in $XDG_DATA_HOME/fader/packs.
            """)

    enum Model: String, ExpressibleByArgument, CaseIterable {
        case kandinsky
    }

    @Argument(help: ArgumentHelp("What to download: kandinsky.", valueName: "model"))
    var model: Model

    @Option(help: ArgumentHelp("The hub's address.", valueName: "base"))
    var from = "https://huggingface.co"

    @Option(help: ArgumentHelp("The name of the pack (default: that of the model).", valueName: "name"))
    var name: String?

    @Flag(name: .shortAndLong, help: "Do not ask.")
    var yes = false

    @Option(help: ArgumentHelp("Give up on a connection that sends nothing for this many seconds.", valueName: "seconds"))
    var timeout = 30.0

    @Option(help: ArgumentHelp("How often to retry a failed connection.", valueName: "n"))
    var retries = 6

    @OptionGroup var options: EngineOptions

    func validate() throws {
        if !(0.1...3600).contains(timeout) { throw ValidationError("--timeout must lie between 0.1 and 3600 seconds.") }
        if !(0...1000).contains(retries) { throw ValidationError("--retries must lie between 0 and 1000.") }
    }

    func execute(_ bar: ProgressBar, _ log: Log) async throws {
        let packs = NamedPacks(environment: ProcessInfo.processInfo.environment)
        let download = try await PackDownload(name ?? model.rawValue, in: packs, from: from, timeout: timeout, retries: retries) {
            bar.show(line: "asking for \($0)")
        }
        bar.clear()
        Self.show(download)
        try Question.confirm("Download this?", unless: yes)
        log.write("downloading \(ByteCount.text(download.missingBytes)) from \(from) to \(download.folder.path)")
        let pace = DownloadPace(from: download.arrivedBytes)
        var shown: ContinuousClock.Instant?
        do {
            try await download.run { progress in
                // Pieces come thousands of times a second.
                let now = ContinuousClock.now
                if let last = shown, now - last < .milliseconds(100) { return }
                shown = now
                bar.show(line: pace.line(progress))
            }
        } catch is CancellationError {
            bar.clear()
            StandardError.say("What has been downloaded is kept; the same command resumes.")
            throw CancellationError()
        }
        bar.clear()
        try StandardOutput.print(download.folder.path)
    }

    private static func show(_ download: PackDownload) {
        let rows = download.shares.map { share in
            [share.repository.rawValue, String(share.files), ByteCount.text(share.bytes), share.repository.licence, share.address]
        }
        let table = TextTable(head: ["repository", "files", "size", "licence", "page"], isNumber: [false, true, true, false, false])
        StandardError.write(table.text(rows) + "\n")
        let here = download.arrivedBytes > 0 ? ", \(ByteCount.text(download.arrivedBytes)) already downloaded" : ""
        StandardError.say("\(ByteCount.text(download.missingBytes)) go to \(download.folder.path)\(here).")
    }
}

/// How fast a download is, and how long it will take.
struct DownloadPace: Sendable {
    private let start = ContinuousClock.now
    private let from: Int

    init(from: Int) { self.from = from }

    /// For instance "decoder/unet/config.json 1.2 GB of 7.0 GB, 24.1 MB/s, 4 min left".
    func line(_ progress: PackDownload.Progress) -> String {
        let seconds = (ContinuousClock.now - start) / .seconds(1)
        let rate = Double(max(0, progress.arrived - from)) / max(seconds, 0.001)
        let text = "\(progress.file) \(ByteCount.text(progress.arrived)) of \(ByteCount.text(progress.total))"
        guard seconds > 1, rate > 0 else { return text }
        let left = Double(max(0, progress.total - progress.arrived)) / rate
        let time =
            left < 90
            ? "\(Int(left.rounded(.up))) s" : left < 5400 ? "\(Int(left / 60)) min" : String(format: "%.1f h", min(left / 3600, 9999))
        return text + ", \(ByteCount.text(Int(rate)))/s, \(time) left"
    }
}

/// Sizes of files as people read them.
enum ByteCount {
    static func text(_ bytes: Int) -> String {
        let (value, unit) =
            switch bytes {
            case ..<1000: (Double(bytes), "B")
            case ..<1_000_000: (Double(bytes) / 1e3, "kB")
            case ..<1_000_000_000: (Double(bytes) / 1e6, "MB")
            default: (Double(bytes) / 1e9, "GB")
            }
        return String(format: bytes < 1000 ? "%.0f " : "%.1f ", value) + unit
    }
}
