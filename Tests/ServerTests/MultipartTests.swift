import Foundation
import TestSupport
import Testing

@testable import Server

@Suite struct MultipartTests {
    private func parts(_ text: String, boundary: String = "b") throws -> [FormPart] {
        try Multipart.parts(of: Data(text.utf8), contentType: "multipart/form-data; boundary=\(boundary)")
    }

    @Test func `Fields and files are told apart, and keep their bytes`() throws {
        let bytes = Data([0, 13, 10, 45, 45, 98, 255])
        let form = multipart(["n_features": "5"], image: bytes)
        let parts = try Multipart.parts(of: form.body, contentType: form.type)
        #expect(parts.map(\.name) == ["n_features", "image"])
        #expect(parts[0].text == "5" && parts[0].fileName == nil)
        #expect(parts[1].content == bytes && parts[1].fileName == "a.png")
    }

    @Test func `A body as curl, browsers and requests write it is read`() throws {
        #expect(
            try parts(
                "preamble\r\n--b\r\ncontent-disposition: form-data; name=a\r\n\r\n1\r\n--b  \r\nX: y\r\nContent-Disposition: form-data; name=\"b\\\"c\"\r\n\r\n\r\n--b--\r\nafter"
            )
            .map { [$0.name, $0.text] } == [["a", "1"], ["b\"c", ""]])
        #expect(try parts("--b--").isEmpty)
    }

    @Test func `A quoted boundary may hold what a plain one may not`() throws {
        #expect(
            try parts("--a;b\r\nContent-Disposition: form-data; name=\"x\"\r\n\r\ny\r\n--a;b--", boundary: "\"a;b\"").map(\.name) == ["x"])
    }

    @Test(arguments: [
        "", "--b", "--b\r\n", "--b\r\n\r\n", "--b\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\nno end",
        "--b\r\nContent-Disposition: form-data\r\n\r\n1\r\n--b--", "--b\r\nContent-Disposition: attachment; name=\"a\"\r\n\r\n1\r\n--b--",
        "--b\r\nContent-Disposition: form-data; name=\"a\r\n\r\n1\r\n--b--", "--bx\r\n\r\n\r\n--b--", "--b\r\n\r\n1\r\n--b--",
    ])
    func `A body that its boundary does not divide is refused`(_ text: String) {
        #expect(throws: HTTPFailure.self) { try parts(text) }
    }

    @Test(arguments: ["", "text/plain", "multipart/form-data", "multipart/form-data; boundary=", "multipart/form-data; boundary=\"b"])
    func `A type without a boundary is refused`(_ type: String) {
        #expect(throws: HTTPFailure.self) { try Multipart.parts(of: Data("--b--".utf8), contentType: type) }
    }

    @Test func `A head of any length and any number of parts are refused`() {
        let head = "--b\r\nContent-Disposition: form-data; name=\"a\"; x=\"\(String(repeating: "x", count: 10_000))\"\r\n\r\n1\r\n--b--"
        #expect(throws: HTTPFailure.self) { try parts(head) }
        let part = "--b\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n1\r\n"
        #expect(throws: HTTPFailure.self) { try parts(String(repeating: part, count: 100) + "--b--") }
    }

    @Test func `A million malformed bytes are read or refused, and break nothing`() throws {
        var generator = SeededGenerator(seed: 19)
        let form = multipart(["n_features": "5", "generate_icon": "true"], image: Data((0..<200).map { UInt8($0) }))
        let quoted = multipart(["a\\\"b": "\u{e4}"], image: nil).body
        let bare = Data("--limit--".utf8)
        var (read, refused) = (0, 0)
        try withMalformedBytes([form.body, quoted, bare], seed: 20) { body in
            let type =
                Bool.random(using: &generator) ? form.type : String(decoding: Data(form.type.utf8).damaged(&generator), as: UTF8.self)
            do {
                let parts = try Multipart.parts(of: body, contentType: type)
                #expect(parts.reduce(0) { $0 + $1.content.count } <= body.count)
                read += 1
            } catch let failure as HTTPFailure {
                refused += 1
                #expect((400..<500).contains(failure.status.code))
            }
        }
        #expect(refused > 1000 && read > 100)
    }
}
