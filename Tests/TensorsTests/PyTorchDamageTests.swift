import Foundation
import TestSupport
import Testing

@testable import Tensors

extension TorchTests {
    @Suite("Damaged and hostile PyTorch files", .timeLimit(.minutes(2)))
    struct PyTorchDamageTests {
        private let folder: TemporaryFolder

        init() throws {
            folder = try TemporaryFolder()
        }

        private func open(_ bytes: [UInt8]) throws -> PyTorchFile { try PyTorchFile(contentsOf: folder.file("model.pth", bytes)) }

        /// An archive with this pickle and one storage of one float32.
        private func open(pickle: [UInt8]) throws -> PyTorchFile {
            try open(StoredZip.archive([("model/data.pkl", pickle), ("model/data/0", [0, 0, 0x80, 0x3F])]))
        }

        @Test(
            "A pickle that asks for a function is refused by the function's name",
            arguments: [("os-system.pth", "posix.system"), ("eval.pth", "eval"), ("list.pth", "\"epochs\" is a list")])
        func hostile(name: String, complaint: String) throws {
            let message = try refusal { try PyTorchFile(contentsOf: Fixture.url(name)) }
            #expect(message.contains(name) && message.contains(complaint))
        }

        /// The body of a pickle, and a part of the message that refuses it.
        static let pickles: [(body: [UInt8], complaint: String)] = [
            (Pickle.global("os", "system") + Pickle.tuple([Pickle.text("true")]) + [0x52], "asks for os.system, which Fader does not run"),
            (Pickle.text("builtins") + Pickle.text("eval") + [0x93], "asks for builtins.eval"),
            (Pickle.global("torch", "FloatStorage\u{1B}[2J"), "torch.FloatStorage\u{FFFD}[2J"),
            (Pickle.global("collections", "OrderedDict"), "it holds a Python name"),
            (Pickle.global("torch", "FloatStorage") + [0x29, 0x52], "calls a Python name"),
            (Pickle.text("x") + [0x29, 0x52], "calls a string"),
            ([], "a value that is not there"),
            ([0x74], "a mark that is not there"),
            (Pickle.emptyDict + [0x28], "a value that is not there"),
            (Pickle.emptyDict + [0x28] + Pickle.text("a") + [0x75], "something else than a dictionary"),
            ([0x68, 5], "recalls value 5"),
            ([0x80, 6], "protocol 6"),
            ([0x42, 0xFF, 0xFF, 0xFF, 0x7F], "in the middle of a value"),
            ([0x96], "instruction 0x96"),
            (Pickle.global("torch.storage", "_load_from_bytes") + Pickle.tuple([[0x43, 1, 0]]) + [0x52], "calls a Python name"),
            ([0x8D] + [UInt8](repeating: 0xFF, count: 8), "impossible size"),
            ([0x58, 0xFF, 0xFF, 0xFF, 0x7F], "in the middle of a value"),
            ([0x8A, 9] + [UInt8](repeating: 1, count: 9), "integer of 9 bytes"),
            ([0x8C, 1, 0xFF], "not UTF-8"),
            (Pickle.tensor(), "it holds a tensor where"),
            (Pickle.emptyDict + Pickle.int(1) + Pickle.tensor() + Pickle.setItem, "named by an integer"),
            (Pickle.emptyDict + Pickle.text("a") + Pickle.int(1) + Pickle.setItem, "\"a\" is an integer, not a tensor"),
            (state(Pickle.tensor(shape: [Pickle.int(2)])), "beyond its storage"),
            (state(Pickle.tensor(offset: Pickle.int(1))), "beyond its storage"),
            (state(Pickle.tensor(offset: Pickle.wide(-1))), "beyond its storage"),
            (state(Pickle.tensor(shape: [Pickle.wide(.max)], strides: [Pickle.wide(.max)])), "beyond its storage"),
            (state(Pickle.tensor(shape: [Pickle.wide(-1)])), "beyond its storage"),
            (state(Pickle.tensor(shape: [Pickle.wide(.max)], strides: [Pickle.int(0)])), "beyond its storage"),
            (state(Pickle.tensor(count: Pickle.int(2))), "has 4 bytes where 2 elements"),
            (state(Pickle.tensor(count: Pickle.wide(1 << 62))), "elements were expected"),
            (state(Pickle.tensor(shape: [Pickle.int(1), Pickle.int(1)])), "the strides [1]"),
            (
                state(
                    Pickle.tensor(count: Pickle.int(3), shape: [Pickle.int(2), Pickle.int(2)], strides: [Pickle.int(1), Pickle.int(1)])),
                "overlaps itself"
            ),
            (
                Pickle.emptyDict + Pickle.text("a") + Pickle.tensor() + Pickle.setItem + Pickle.text("a") + Pickle.tensor()
                    + Pickle.setItem, "two of one name"
            ),
        ]

        private static func state(_ tensor: [UInt8]) -> [UInt8] { Pickle.emptyDict + Pickle.text("a") + tensor + Pickle.setItem }

        @Test("A pickle that is not a state dict is refused", arguments: pickles) func pickle(_ body: [UInt8], complaint: String) throws {
            let message = try refusal { try open(pickle: Pickle.document(body)) }
            #expect(message.contains(complaint), "\(message)")
        }

        @Test("A million nested tuples, and dictionaries that hold themselves, are refused or ignored without a crash") func nesting()
            throws
        {
            let tuples = [0x4E] + [UInt8](repeating: 0x85, count: 1_000_000)
            #expect(try refusal { try open(pickle: Pickle.document(tuples)) }.contains("it holds a tuple"))
            let marks = [UInt8](repeating: 0x28, count: 1_000_000)
            #expect(try refusal { try open(pickle: Pickle.document(marks)) }.contains("a value that is not there"))
            let cycle = Pickle.emptyDict + [0x71, 0] + Pickle.text("a") + [0x68, 0] + Pickle.setItem
            #expect(try refusal { try open(pickle: Pickle.document(cycle)) }.contains("\"a\" is a dictionary"))
        }

        @Test("A memo of huge numbers takes no more memory than its entries") func hugeMemo() throws {
            var body = Pickle.emptyDict
            for index in 0..<UInt32(100_000) { body += [0x72] + withUnsafeBytes(of: (UInt32.max - index).littleEndian, Array.init) }
            body += Pickle.text("a") + Pickle.tensor() + Pickle.setItem
            let file = try open(pickle: Pickle.document(body))
            #expect(file.names == ["a"])
        }

        @Test("A truncated file is refused, wherever it ends") func truncated() throws {
            let bytes = try Fixture.bytes("views.pth")
            for place in 0..<400 { _ = try refusal { try open(Array(bytes.prefix(bytes.count * place / 400))) } }
        }

        @Test("With any byte outside the tensors changed, the file is refused or holds the same tensors") func flipped() throws {
            var bytes = try Fixture.bytes("views.pth")
            let healthy = try open(bytes)
            let expected = try Contents(healthy)
            let data = healthy.names.compactMap { healthy.entry($0)?.byteRange }
            var refused = 0
            for position in bytes.indices where !data.contains(where: { $0.contains(position) }) {
                for change: UInt8 in [1 << (position % 8), 0xFF] {
                    bytes[position] ^= change
                    defer { bytes[position] ^= change }
                    guard let file = try? open(bytes) else {
                        refused += 1
                        continue
                    }
                    #expect(try Contents(file) == expected, "byte \(position), change \(change)")
                }
            }
            #expect(refused > 1000)
        }

        @Test(
            "A file of text or of nothing says what it is not",
            arguments: ["", "hello"])
        func notAnArchive(_ text: String) throws {
            #expect(try refusal { try open(text.unicodeScalars.map { UInt8($0.value) }) }.contains("since PyTorch 1.6"))
        }

        @Test(
            "An older file, or a bare pickle, that is cut off or changed is refused or holds the same tensors",
            arguments: ["legacy.pth", "bare.pkl"])
        func otherForms(name: String) throws {
            var bytes = try Fixture.bytes(name)
            for length in bytes.indices { _ = try refusal { try PyTorchFile(contentsOf: folder.file("model.pth", bytes.prefix(length))) } }
            let healthy = try open(bytes)
            let expected = try Contents(healthy)
            let data = healthy.names.compactMap { healthy.entry($0)?.byteRange }
            var refused = 0
            for position in bytes.indices where !data.contains(where: { $0.contains(position) }) {
                bytes[position] ^= 0xFF
                defer { bytes[position] ^= 0xFF }
                guard let file = try? open(bytes) else {
                    refused += 1
                    continue
                }
                // A pickle has no checksum: a changed stride or offset that stays within the storage cannot be told.
                #expect(file.names.count <= expected.items.count, "byte \(position)")
                _ = try? Contents(file)
            }
            #expect(refused > 100)
        }

        @Test("Huge counts, and storages that overlap or are missing, are refused in an older file") func hostileLegacy() throws {
            let bytes = try Fixture.bytes("legacy.pth")
            let count = try #require(bytes.indices.last { bytes[$0...].starts(with: [4, 0, 0, 0, 0, 0, 0, 0]) })
            for value: UInt64 in [5, 3, 1 << 40, .max] {
                var changed = bytes
                changed.replaceSubrange(count..<count + 8, with: withUnsafeBytes(of: value.littleEndian, Array.init))
                _ = try refusal { try open(changed) }
            }
            _ = try refusal { try open(bytes + [0]) }
        }

        @Test("Dictionaries that hold each other many times end in a refusal, not in a flood") func multiplied() throws {
            // Each dictionary holds the one before a thousand times.
            var body = Pickle.emptyDict + Pickle.text("a") + Pickle.int(1) + Pickle.setItem + [0x71, 0]
            for level in UInt8(1)...3 {
                body += Pickle.emptyDict
                for item in 0..<1000 { body += Pickle.text("\(item)") + [0x68, level - 1] + Pickle.setItem }
                body += [0x71, level]
            }
            #expect(try refusal { try open(pickle: Pickle.document(body)) }.contains("too"))
        }

        /// Archives that lack something, or have it twice.
        static let archives: [(entries: [(name: String, content: [UInt8])], complaint: String)] = [
            ([], "0 entries called data.pkl"),
            ([("a/data.pkl", Pickle.oneTensor), ("b/data.pkl", Pickle.oneTensor)], "2 entries called data.pkl"),
            ([("a/data.pkl", Pickle.oneTensor)], "lacks its data \"0\""),
            ([("a/data.pkl", Pickle.oneTensor), ("a/data/0", [1, 2, 3])], "has 3 bytes"),
            ([("a/data.pkl", Pickle.oneTensor), ("a/data/0", [0, 0, 0, 0]), ("a/byteorder", Array("big".utf8))], "not little-endian"),
            ([("a/data.pkl", Pickle.oneTensor), ("a/data/0", [0, 0, 0, 0]), ("a/data/0", [1, 1, 1, 1])], "is there twice"),
        ]

        @Test("An archive that lacks an entry or has one twice is refused", arguments: archives.indices) func archive(_ index: Int) throws {
            let (entries, complaint) = Self.archives[index]
            let message = try refusal { try open(StoredZip.archive(entries)) }
            #expect(message.contains(complaint), "\(message)")
        }
    }
}
