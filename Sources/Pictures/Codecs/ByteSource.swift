import Foundation

/// The bytes of a file, in memory or on disk, from where they are read as they are needed.
enum ByteSource {
    case memory(Data)
    case file(FileHandle, count: Int)

    var count: Int {
        switch self {
        case .memory(let data): data.count
        case .file(_, let count): count
        }
    }

    /// `count` bytes from `offset` on, or nil where the file ends before.
    func bytes(at offset: Int, count: Int) -> [UInt8]? {
        guard offset >= 0, count >= 0, count <= self.count, offset <= self.count - count else { return nil }
        switch self {
        case .memory(let data):
            return [UInt8](data[(data.startIndex + offset)..<(data.startIndex + offset + count)])
        case .file(let handle, _):
            var bytes = [UInt8](repeating: 0, count: count)
            var done = 0
            while done < count {
                let read = bytes.withUnsafeMutableBytes {
                    pread(handle.fileDescriptor, $0.baseAddress! + done, count - done, off_t(offset + done))
                }
                guard read > 0 else { return nil }
                done += read
            }
            return bytes
        }
    }
}
