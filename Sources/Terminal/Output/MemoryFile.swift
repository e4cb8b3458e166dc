import CNcurses
import Glibc

/// A file in memory alone, for a library that can only write to a file.
final class MemoryFile {
    let stream: UnsafeMutablePointer<FILE>
    private let descriptor: Int32

    /// - Throws: `TerminalError` when the process has no file descriptors left.
    init() throws {
        descriptor = curses_memory_file()
        guard descriptor >= 0, let stream = fdopen(descriptor, "w+") else {
            throw TerminalError("A buffer for the screen cannot be made (\(errorText())).")
        }
        self.stream = stream
    }

    deinit {
        fclose(stream)
    }

    /// Takes out what has been written.
    func take() -> [UInt8] {
        fflush(stream)
        let size = Int(lseek(descriptor, 0, SEEK_END))
        guard size > 0 else { return [] }
        let bytes = [UInt8](unsafeUninitializedCapacity: size) { buffer, count in
            count = max(0, pread(descriptor, buffer.baseAddress, size, 0))
        }
        ftruncate(descriptor, 0)
        lseek(descriptor, 0, SEEK_SET)
        return bytes
    }
}
