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
    }

    private let stream = UnsafeMutablePointer<z_stream>.allocate(capacity: 1)
    private let input: [UInt8]
    private var consumed = 0

    init(_ input: [UInt8]) throws(Failure) {
        self.input = input
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
        let status = input.withUnsafeBufferPointer { input in
            stream.pointee.next_in = input.baseAddress.map { $0 + consumed }
            let offered = UInt32(clamping: input.count - consumed)
            stream.pointee.avail_in = offered
            defer { consumed += Int(offered - stream.pointee.avail_in) }
            return inflate(stream, Z_SYNC_FLUSH)
        }
        let count = output.count - Int(stream.pointee.avail_out)
        switch status {
        case Z_STREAM_END: return count
        case Z_OK, Z_BUF_ERROR:
            guard count == output.count else { throw .endsEarly }
            return count
        case Z_MEM_ERROR: throw .outOfMemory
        default: throw .broken
        }
    }
}
