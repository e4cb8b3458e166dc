import Files
import Foundation
import Testing

@testable import Tensors

/// Files made by Tests/Reference/make_tensor_fixtures.py (torch 2.13.0, safetensors 0.8.0).
enum Fixture {
    static func url(_ name: String) throws -> URL {
        let folder = try #require(Bundle.module.resourceURL).appendingPathComponent("Fixtures")
        return folder.appendingPathComponent(name)
    }

    static func bytes(_ name: String) throws -> [UInt8] { Array(try Data(contentsOf: url(name))) }

    /// A tensor of operations.safetensors.
    static func operation(_ name: String) throws -> Tensor {
        try SafetensorsFile(contentsOf: url("operations.safetensors")).tensor(name)
    }
}

/// The tensors of a file as values that can be compared.
struct Contents: Equatable {
    struct Item: Equatable {
        let name: String
        let dataType: DataType
        let shape: [Int]
        let bytes: [UInt8]
    }

    let items: [Item]

    init(_ file: some WeightFile) throws {
        items = try file.names.map { name in
            let tensor = try file.tensor(name)
            return Item(name: name, dataType: try tensor.dataType, shape: tensor.shape, bytes: try tensor.rawBytes())
        }
    }

    var sorted: [Item] { items.sorted { $0.name < $1.name } }
}

/// The message with which `body` fails; it must be one line that could be shown to a user.
func refusal<Result>(_ body: () throws -> Result, sourceLocation: SourceLocation = #_sourceLocation) throws -> String {
    let error = #expect(throws: (any Error).self, sourceLocation: sourceLocation) { _ = try body() }
    let message = try #require((error as? CustomStringConvertible)?.description, sourceLocation: sourceLocation)
    let isTyped = error is WeightFileError || error is AtomicFileError || error is TensorError
    #expect(isTyped && message.isOneLine, "\(message)", sourceLocation: sourceLocation)
    return message
}

extension String {
    var isOneLine: Bool { !contains { $0.isNewline } }
}

/// The greatest difference between elements of tensors of one shape.
func difference(_ a: Tensor, _ b: Tensor) throws -> Double {
    try #require(a.shape == b.shape)
    return try (a - b).magnitude().largest().item()
}
