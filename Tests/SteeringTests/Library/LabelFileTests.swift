import Foundation
import Steering
import Testing

@Suite("Files of labels") struct LabelFileTests {
    private func labels(_ text: String) throws -> [Int: String?] {
        let file = try LabelFile(Data(text.utf8), name: "labels", featureCount: 64)
        return Dictionary(file.labels.map { ($0.feature, $0.label) }, uniquingKeysWith: { $1 })
    }

    @Test(
        "CSV and JSON of several forms are read",
        arguments: [
            "index,label\n3,night\n5,\"two, or \"\"more\"\"\"\n", "3,night\r\n\r\n5,\"two, or \"\"more\"\"\"",
            " 3 ,night\n5,\"two, or \"\"more\"\"\"",
            #"[{"index": 3, "label": "night"}, {"index": 5, "label": "two, or \"more\""}]"#, #"  {"5": "two, or \"more\"", "3": "night"}"#,
        ]) func forms(text: String) throws
    {
        #expect(try labels(text) == [3: "night", 5: "two, or \"more\""])
    }

    @Test("A label of several lines does not shift the count of lines") func lines() async throws {
        #expect(try labels("1,\"a\nb\"\n2,c") == [1: "a\nb", 2: "c"])
        let message = try await refusal { try labels("1,\"a\nb\"\n\n99,c") }
        #expect(message == "labels, line 4: there is no feature 99: the pack has features 0 to 63.")
    }

    @Test(
        "What is no such file is refused with the line",
        arguments: [
            ("3,night\n64,x", "line 2: there is no feature 64"), ("3,night\n-1,x", "line 2: there is no feature -1"),
            ("3,night\nnight", "line 2: a line must be"), ("3,night\n4,a,b", "line 2: a line must be"),
            ("x,night", "line 1: a line must be"),
            ("3,\"night", "a quotation mark is not closed"), ("[1, 2]", "this is neither a list"), ("{\"3\": 4}", "this is neither a list"),
            ("{\"x\": \"y\"}", "\"x\" is not a feature's number"),
            (#"[{"index": 1, "label": "a"}, {"index": 70}]"#, "entry 2: there is no feature 70"),
            ("[", "this is neither a list"), ("99999999999999999999,x", "line 1: a line must be"),
        ]) func refused(text: String, part: String) async throws
    {
        #expect(try await refusal { try labels(text) }.contains(part))
    }

    @Test("Bytes that are no text are refused") func bytes() async throws {
        let message = try await refusal { try LabelFile(Data([0xFF, 0xFE, 0x00]), name: "labels", featureCount: 64) }
        #expect(message == "labels: this is not text in UTF-8.")
    }

    @Test("A line of CSV quotes what must be quoted") func quoting() {
        #expect(CSV.line(["1", "a,b", "c\"d", "e\nf", ""]) == "1,\"a,b\",\"c\"\"d\",\"e\nf\",\n")
    }
}
