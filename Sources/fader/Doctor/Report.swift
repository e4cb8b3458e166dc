/// All that the doctor found out, as text for people and as JSON for programs.
struct Report: Encodable {
    let examinations: [Examination]

    /// What to do about what hurts.
    private var advice: [String] { examinations.flatMap(\.findings).compactMap(\.advice) }

    /// A line or two for each subject, what to do about what hurts, and what to do next: it fits a screen of 80 × 24.
    var text: String {
        let width = examinations.map(\.subject.count).max() ?? 0
        let subjects = examinations.map { examination in
            Self.wrapped(examination.subject.padding(to: width + 2) + examination.summary.escaped, indent: width + 2)
        }
        let mend = advice.map { Self.wrapped("→ " + $0.escaped, indent: 2) }
        let next =
            advice.isEmpty
            ? "Next: fader opens the playground, fader PICTURE a picture of yours."
            : "Next: fix what the arrows name, and run fader doctor again."
        return (subjects + (mend.isEmpty ? [] : [""] + mend) + ["", next]).joined(separator: "\n")
    }

    /// Lines of no more than 80 columns, those after the first indented; words that are longer, such as paths, stay whole.
    private static func wrapped(_ text: String, indent: Int) -> String {
        var lines = [""]
        for word in text.split(separator: " ", omittingEmptySubsequences: false) {
            let line = lines[lines.count - 1]
            if line.count + word.count + 1 > 80, line.contains(where: { !$0.isWhitespace }) {
                lines.append(String(repeating: " ", count: indent) + word)
            } else {
                lines[lines.count - 1] = line.isEmpty ? String(word) : line + " " + word
            }
        }
        return lines.joined(separator: "\n")
    }

    /// An object with one object for each subject, and the list of advice.
    func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Name.self)
        for examination in examinations {
            var findings = container.nestedContainer(keyedBy: Name.self, forKey: Name(stringValue: examination.subject))
            for finding in examination.findings { try findings.encode(finding.value, forKey: Name(stringValue: finding.name)) }
        }
        try container.encode(advice, forKey: Name(stringValue: "advice"))
    }

    private struct Name: CodingKey {
        let stringValue: String
        var intValue: Int? { nil }

        init(stringValue: String) { self.stringValue = stringValue }
        init?(intValue: Int) { nil }
    }
}
