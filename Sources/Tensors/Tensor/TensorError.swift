import CTorch
import Foundation

/// What can go wrong with a tensor.
public enum TensorError: Error, Equatable, LocalizedError, CustomStringConvertible {
    /// libtorch could not get the memory that it asked for.
    case outOfMemory(String)
    /// libtorch refused the operation: shapes, types or devices do not fit.
    case refused(String)
    /// Something other than libtorch's own error was thrown inside it.
    case unexpected(String)
    case unknownDevice(String)
    case absentDevice(String, available: Int)
    case unsupportedDataType(Int32)
    case wrongElementCount(expected: Int, found: Int)
    case unevenSplit(size: Int, parts: Int)

    public var description: String {
        switch self {
        case .outOfMemory(let message): "Out of memory: \(message)"
        case .refused(let message): "libtorch refused the operation: \(message)"
        case .unexpected(let message): "libtorch failed: \(message)"
        case .unknownDevice(let name): "There is no device called \"\(name)\"; use auto, cpu or cuda:N."
        case .absentDevice(let name, let available):
            "The device \(name) is not there: libtorch sees \(available) CUDA devices; use --device cpu."
        case .unsupportedDataType(let code): "Elements of libtorch's type \(code) are not supported."
        case .wrongElementCount(let expected, let found): "The shape asks for \(expected) elements where there are \(found)."
        case .unevenSplit(let size, let parts): "A dimension of size \(size) does not split into \(parts) equal parts."
        }
    }

    public var errorDescription: String? { description }

    init(status: CTStatus) {
        let message = String(cString: ct_error_message())
        switch status {
        case CT_OUT_OF_MEMORY: self = .outOfMemory(message)
        case CT_TORCH_ERROR: self = .refused(message)
        default: self = .unexpected(message)
        }
    }
}

/// Turns a failed status into an error.
@inline(__always)
func check(_ status: CTStatus) throws {
    if status != CT_OK { throw TensorError(status: status) }
}
