import Files
import Foundation

/// Writes safetensors files, byte for byte as the Python library does.
public enum SafetensorsWriter {
    /// Writes `tensors` to a file that replaces the one at `url` when complete; one tensor at a time is copied.
    /// - Throws: `WeightFileError.unwritable` when the format does not allow the names or shapes, `TensorError` when a tensor cannot
    ///   be read, `AtomicFileError` when the file cannot be saved.
    public static func write(_ tensors: [(name: String, tensor: Tensor)], metadata: [String: String] = [:], to url: URL) throws {
        if let reason = obstacle(tensors) { throw WeightFileError.unwritable(file: url.relativePath, reason: reason) }
        let ordered = try tensors.map { (name: $0.name, type: try $0.tensor.dataType, tensor: $0.tensor) }
            .sorted { ($0.type.safetensorsOrder, $0.name) < ($1.type.safetensorsOrder, $1.name) }
        try AtomicFile.write(to: url) { file in
            try file.append(header(ordered, metadata))
            for item in ordered { try file.append(item.tensor.rawBytes()) }
        }
    }

    private static func obstacle(_ tensors: [(name: String, tensor: Tensor)]) -> String? {
        var names: Set<String> = [SafetensorsHeader.metadataName]
        if let name = tensors.map(\.name).first(where: { !names.insert($0).inserted }) {
            return "\(name.quoted) cannot name a tensor, or names two"
        }
        if let item = tensors.first(where: { $0.tensor.rank > TensorEntry.highestRank }) {
            return "\(item.name.quoted) has \(item.tensor.rank) dimensions where \(TensorEntry.highestRank) are allowed"
        }
        return tensors.count > TensorEntry.highestCount
            ? "there are \(tensors.count) tensors where \(TensorEntry.highestCount) are allowed" : nil
    }

    /// The length and the JSON text, padded with spaces so that the data starts at a multiple of eight.
    private static func header(_ tensors: [(name: String, type: DataType, tensor: Tensor)], _ metadata: [String: String]) -> [UInt8] {
        var members: [String] = []
        if !metadata.isEmpty {
            let items = metadata.sorted { $0.key < $1.key }.map { "\($0.key.json):\($0.value.json)" }
            members.append("\(SafetensorsHeader.metadataName.json):{\(items.joined(separator: ","))}")
        }
        var start = 0
        for item in tensors {
            let end = start + item.tensor.count * item.type.byteCount
            let shape = item.tensor.shape.map(String.init).joined(separator: ",")
            let type = item.type.safetensorsName
            members.append("\(item.name.json):{\"dtype\":\"\(type)\",\"shape\":[\(shape)],\"data_offsets\":[\(start),\(end)]}")
            start = end
        }
        var text = Array("{\(members.joined(separator: ","))}".utf8)
        while !text.count.isMultiple(of: 8) { text.append(UInt8(ascii: " ")) }
        return withUnsafeBytes(of: UInt64(text.count).littleEndian, Array.init) + text
    }
}

extension String {
    /// As a JSON string, with its quotation marks.
    fileprivate var json: String {
        let escaped = unicodeScalars.map { scalar in
            switch scalar {
            case "\"": "\\\""
            case "\\": "\\\\"
            case "\n": "\\n"
            case "\r": "\\r"
            case "\t": "\\t"
            case "\u{8}": "\\b"
            case "\u{C}": "\\f"
            case ..<" ": "\\u00" + (scalar.value < 16 ? "0" : "") + String(scalar.value, radix: 16)
            default: String(scalar)
            }
        }
        return "\"\(escaped.joined())\""
    }
}
