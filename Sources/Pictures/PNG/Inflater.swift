import CZlib

/// Decompresses zlib data piece by piece.
///
/// A class, because zlib remembers the address of its stream.
final class Inflater {
    /// Why decompression stopped short.
    enum Failure: Error {
        case outOfMemory
        case broken
        case endsEarly
        /// What the input comes from failed.
        case input(PictureError)
    }

    private let stream = UnsafeMutablePointer<z_stream>.allocate(capacity: 1)
    private let refill: () throws(PictureError) -> [UInt8]?
    private var input: [UInt8]
    private var consumed = 0

    /// - Parameter refill: further input once the first is used up; nil at its end.
    init(_ input: [UInt8] = [], refill: @escaping () throws(PictureError) -> [UInt8]? = { () throws(PictureError) in nil }) throws(Failure)
    {
        self.input = input
        self.refill = refill
        stream.initialize(to: z_stream())
        guard inflateInit_(stream, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size)) == Z_OK else { throw .outOfMemory }
    }

    deinit {
        inflateEnd(stream)
        stream.deallocate()
    }

    /// Decompresses up to `output.count` further bytes and answers how many there were; fewer mean that the data is complete.
    /// - Throws: `Failure` when the data is broken or its input ends first.
    func read(into output: UnsafeMutableBufferPointer<UInt8>) throws(Failure) -> Int {
        stream.pointee.next_out = output.baseAddress
        stream.pointee.avail_out = UInt32(output.count)
        while true {
            let hasInput = try hasInput()
            let status = inflateOnce()
            let count = output.count - Int(stream.pointee.avail_out)
            switch status {
            case Z_STREAM_END: return count
            case Z_OK, Z_BUF_ERROR:
                if count == output.count { return count }
                guard hasInput else { throw .endsEarly }
            case Z_MEM_ERROR: throw .outOfMemory
            default: throw .broken
            }
        }
    }

    /// Whether there is input left, having asked for more where there was none.
    private func hasInput() throws(Failure) -> Bool {
        if consumed < input.count { return true }
        do throws(PictureError) {
            guard let piece = try refill() else { return false }
            input = piece
            consumed = 0
            return true
        } catch {
            throw .input(error)
        }
    }

    private func inflateOnce() -> Int32 {
        input.withUnsafeBufferPointer { input in
            stream.pointee.next_in = input.baseAddress.map { $0 + consumed }
            let offered = UInt32(clamping: input.count - consumed)
            stream.pointee.avail_in = offered
            defer { consumed += Int(offered - stream.pointee.avail_in) }
            return inflate(stream, Z_SYNC_FLUSH)
        }
    }
}
