import Foundation

/// A part of a `multipart/form-data` body.
struct FormPart: Sendable, Equatable {
    let name: String
    /// Nil for a field that is no file.
    let fileName: String?
    let content: Data

    /// The text of a field; nil for bytes that are no UTF-8.
    var text: String? { String(validating: content, as: UTF8.self) }
}

/// Reads `multipart/form-data` (RFC 7578).
enum Multipart {
    private static let mostParts = 32
    private static let longestHead = 8 << 10

    /// The parts of a body.
    /// - Parameter contentType: the whole header field, with the boundary.
    /// - Throws: `HTTPFailure` for another type, a boundary that cannot be, and whatever the boundary does not divide into parts.
    static func parts(of body: Data, contentType: String) throws -> [FormPart] {
        guard let (type, parameters) = parameters(of: contentType), type == "multipart/form-data" else {
            throw HTTPFailure(.unsupportedMediaType, "The body must be multipart/form-data.")
        }
        guard let boundary = parameters["boundary"], (1...70).contains(boundary.utf8.count) else {
            throw HTTPFailure(.badRequest, "The multipart body has no boundary that can be used.")
        }
        let line = Data("\r\n--\(boundary)".utf8)
        // The first boundary needs no line break before it.
        let first = Data("--\(boundary)".utf8)
        var place: Data.Index
        if body.starts(with: first) {
            place = body.startIndex + first.count
        } else if let range = body.range(of: line) {
            place = range.upperBound
        } else {
            throw broken
        }
        var parts: [FormPart] = []
        while true {
            let rest = body[place...]
            if rest.starts(with: Data("--".utf8)) { return parts }
            // White space may fill the line of a boundary.
            guard let lineEnd = rest.prefix(200).range(of: Data("\r\n".utf8)),
                rest[..<lineEnd.lowerBound].allSatisfy({ $0 == 0x20 || $0 == 0x09 }), parts.count < mostParts,
                let headEnd = body[lineEnd.lowerBound...].prefix(longestHead).range(of: Data("\r\n\r\n".utf8)),
                let end = body[(headEnd.upperBound - 2)...].range(of: line),
                end.lowerBound >= headEnd.upperBound || end.lowerBound == headEnd.upperBound - 2
            else { throw broken }
            let content = end.lowerBound >= headEnd.upperBound ? body[headEnd.upperBound..<end.lowerBound] : Data()
            parts.append(try part(head: body[lineEnd.upperBound..<max(lineEnd.upperBound, headEnd.lowerBound)], content: Data(content)))
            place = end.upperBound
        }
    }

    private static let broken = HTTPFailure(.badRequest, "The multipart body is broken: its boundary does not divide it into parts.")

    private static func part(head: Data, content: Data) throws -> FormPart {
        guard let text = String(validating: head, as: UTF8.self) else { throw broken }
        for line in text.components(separatedBy: "\r\n") {
            guard let colon = line.firstIndex(of: ":"), line[..<colon].lowercased() == "content-disposition" else { continue }
            guard let (kind, parameters) = parameters(of: String(line[line.index(after: colon)...])), kind == "form-data",
                let name = parameters["name"]
            else { break }
            return FormPart(name: name, fileName: parameters["filename"], content: content)
        }
        throw HTTPFailure(.badRequest, "A part of the multipart body has no name.")
    }

    /// A value with its parameters: `form-data; name="a"`, in lower case but for the parameters' values.
    static func parameters(of field: String) -> (value: String, parameters: [String: String])? {
        var rest = Array(field.unicodeScalars)[...]
        func word(until ends: Set<Unicode.Scalar>) -> String {
            let taken = rest.prefix { !ends.contains($0) }
            rest = rest.dropFirst(taken.count)
            var word = String.UnicodeScalarView()
            word.append(contentsOf: taken)
            return String(word).trimmingCharacters(in: .whitespaces)
        }
        let value = word(until: [";"]).lowercased()
        var parameters: [String: String] = [:]
        while rest.first == ";" {
            rest = rest.dropFirst()
            let name = word(until: ["=", ";"]).lowercased()
            guard rest.first == "=" else {
                if name.isEmpty { continue }
                return nil
            }
            rest = rest.dropFirst()
            var text = String.UnicodeScalarView()
            if rest.first == "\"" {
                rest = rest.dropFirst()
                while let next = rest.first, next != "\"" {
                    // Browsers escape quotation marks as %22, others with a backslash.
                    if next == "\\", rest.count > 1 { rest = rest.dropFirst() }
                    text.append(rest.removeFirst())
                }
                guard rest.first == "\"" else { return nil }
                rest = rest.dropFirst()
                guard word(until: [";"]).isEmpty else { return nil }
            } else {
                text = word(until: [";"]).unicodeScalars
            }
            if parameters[name] == nil { parameters[name] = String(text) }
        }
        return (value, parameters)
    }
}
