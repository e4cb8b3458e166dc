import Files
import Testing

@Suite("JSON")
struct JSONTests {
    private func parse(_ text: String) throws -> JSONValue {
        try Array(text.utf8).withUnsafeBytes { try JSONValue($0) }
    }

    @Test("Values of every kind are read, and integers told from other numbers") func values() throws {
        let value = try parse(" {\"a\" : [1, -2, 3.0, 4e1, true, false, null],\n\t\"b\":\"\\u00e9\\ud83d\\ude00\\n\\\\\\/\"} ")
        #expect(value["a"]?.list == [.integer(1), .integer(-2), .number(3), .number(40), .boolean(true), .boolean(false), .null])
        #expect(value["b"]?.text == "é😀\n\\/")
        #expect(value["c"] == nil)
        #expect(try parse("9223372036854775807").integer == .max)
        #expect(try parse("3.0").integer == nil && parse("3.0").whole == 3 && parse("3").number == 3)
        #expect(try parse("9223372036854775808") == .number(9.223372036854775808e18))
    }

    @Test(
        "What RFC 8259 does not allow is refused",
        arguments: [
            "", " ", "{", "[1,]", "[,1]", "{\"a\":1,}", "{a:1}", "{\"a\" 1}", "[1 2]", "01", "-", "+1", "1.", ".5", "1e", "0x10", "NaN",
            "tru",
            "'a'", "\"a", "\"\\x\"", "\"\\u12\"", "\"\\udc00\"", "\"\n\"", "[1]]", "nulll", "\u{FEFF}1", "/**/1",
        ])
    func refused(_ text: String) {
        #expect(throws: JSONError.self) { try parse(text) }
    }

    @Test("Text that is not UTF-8 is refused") func notUTF8() {
        #expect(throws: JSONError.self) { try [0x22, 0xFF, 0x22].withUnsafeBytes { try JSONValue($0) } }
    }

    @Test("Two members of one name are refused, also when one is written with an escape") func duplicates() {
        #expect(throws: JSONError.self) { try parse(#"{"a":1,"\u0061":2}"#) }
    }
}
