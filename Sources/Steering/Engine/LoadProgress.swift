import Foundation

/// Tells how many megabytes of weights are read, about two hundred times in all.
final class LoadProgress {
    private let total: Int
    private let report: (WorkProgress) -> Void
    private var done = 0
    private var told = 0

    private init(_ total: Int, _ report: @escaping (WorkProgress) -> Void) {
        self.total = total
        self.report = report
    }

    /// - Parameter load: calls what it is given with the bytes of each parameter that it has read.
    static func follow<Result>(
        _ total: Int, _ report: (WorkProgress) -> Void, _ load: (@escaping (Int) throws -> Void) throws -> Result
    ) throws -> Result {
        try withoutActuallyEscaping(report) { report in
            let progress = LoadProgress(total, report)
            progress.tell()
            let result = try load { bytes in
                try Task.checkCancellation()
                progress.add(bytes)
            }
            progress.done = total
            progress.tell()
            return result
        }
    }

    private func add(_ bytes: Int) {
        done += bytes
        if done - told >= total / 200 && done < total { tell() }
    }

    private func tell() {
        told = done
        // Rounded up, so that the smallest pack has a megabyte as well.
        let count = max(1, (total + 999_999) / 1_000_000)
        report(WorkProgress(.loading, step: done >= total ? count : min(done / 1_000_000, count), count: count))
    }
}
