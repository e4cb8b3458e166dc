/// Reads the rows of one pass of a PNG picture, undoing compression and filters.
struct PNGRows {
    private let inflater: Inflater
    private let filterDistance: Int
    private let name: String
    /// The row read last and the one above it, each after its filter byte.
    private var row, above: [UInt8]

    init(_ inflater: Inflater, rowBytes: Int, filterDistance: Int, name: String) {
        self.inflater = inflater
        self.filterDistance = filterDistance
        self.name = name
        row = [UInt8](repeating: 0, count: rowBytes + 1)
        above = row
    }

    /// Reads the next row and lends it to `body`.
    mutating func next(_ body: (UnsafeBufferPointer<UInt8>) -> Void) throws(PictureError) {
        swap(&row, &above)
        let count = try row.withUnsafeMutableBufferPointer { row throws(PictureError) in try inflater.read(into: row, of: name) }
        guard count == row.count else { throw .damaged(name: name, reason: "its PNG data ends too early") }
        guard let filter = PNGFilter(rawValue: row[0]) else { throw .damaged(name: name, reason: "its PNG data has an unknown filter") }
        row.withUnsafeMutableBufferPointer { row in
            above.withUnsafeMutableBufferPointer { above in
                let samples = UnsafeMutableBufferPointer(rebasing: row.dropFirst())
                filter.undo(samples, above: UnsafeMutableBufferPointer(rebasing: above.dropFirst()), distance: filterDistance)
                body(UnsafeBufferPointer(samples))
            }
        }
    }
}

extension Inflater {
    /// `read(into:)`, its failures told of the picture called `name`.
    func read(into output: UnsafeMutableBufferPointer<UInt8>, of name: String) throws(PictureError) -> Int {
        do throws(Failure) {
            return try read(into: output)
        } catch {
            switch error {
            case .outOfMemory: throw .unreadable(name: name, reason: "there is no memory to decompress it")
            case .broken: throw .damaged(name: name, reason: "its compressed PNG data is broken")
            case .endsEarly: throw .damaged(name: name, reason: "its PNG data ends too early")
            case .input(let failure): throw failure
            }
        }
    }
}
