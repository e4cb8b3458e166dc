import Pictures

extension Engine {
    /// Makes a sheet: every picture of its plan, a few at a time, in rows and columns with captions.
    /// - Parameters:
    ///   - analysis: the picture that the plan's recipe begins with.
    ///   - plan: what the sheet shows.
    ///   - progress: called with how far it is.
    /// - Throws: `SteeringError.unsuitableSheet` for an edit that the recipe does not have; what rendering throws; `PictureError` when the sheet
    ///   would be too large.
    public nonisolated func sheet(
        _ plan: SheetPlan, of analysis: AnalysisSummary, progress: @escaping @Sendable (WorkProgress) -> Void = { _ in }
    ) async throws -> Picture {
        let rows = try plan.stacks()
        let requests = rows.joined().map { RenderRequest(.picture(analysis.id), stack: $0, sampling: plan.recipe.sampling) }
        let size = Self.batchSize(width: analysis.picture.width, height: analysis.picture.height)
        var made: [Picture] = []
        for start in stride(from: 0, to: requests.count, by: size) {
            let batch = Array(requests[start..<min(start + size, requests.count)])
            made += try await render(batch) { report in
                guard report.stage == .rendering else { return progress(report) }
                let step = start * report.count + report.step * batch.count
                progress(WorkProgress(.rendering, step: step, count: requests.count * report.count))
            }
        }
        let width = rows[0].count
        let features = [plan.across, plan.down].compactMap { $0?.feature }
        let labels = try await labels(of: features)
        return try plan.sheet(rows.indices.map { Array(made[$0 * width..<($0 + 1) * width]) }) { labels[$0] }.picture()
    }
}
