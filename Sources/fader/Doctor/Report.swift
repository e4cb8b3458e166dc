/// All that the doctor found out, as text for people and as JSON for programs.
struct Report: Encodable {
    let examinations: [Examination]

    /// What to do about what hurts.
    private var advice: [String] { examinations.flatMap(\.findings).compactMap(\.advice) }

    /// A paragraph for each subject, with the advice below what it is about.
    var text: String {
        examinations.map { examination in
            let width = examination.findings.map(\.name.count).max() ?? 0
            let lines = examination.findings.flatMap { finding in
                ["  \(finding.name.padding(to: width))  \(finding.value)"] + (finding.advice.map { ["  → \($0)"] } ?? [])
            }
            return ([examination.subject] + lines).joined(separator: "\n")
        }.joined(separator: "\n\n")
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
