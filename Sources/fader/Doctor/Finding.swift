/// One thing that the doctor found out.
struct Finding {
    enum Value: Equatable {
        case text(String)
        case number(Int)
        case flag(Bool)
        case list([String])
    }

    let name: String
    let value: Value
    /// What to do about it, in one sentence, where it hurts.
    let advice: String?

    init(_ name: String, _ value: Value, advice: String? = nil) {
        self.name = name
        self.value = value
        self.advice = advice
    }

    init(_ name: String, _ text: String, advice: String? = nil) {
        self.init(name, .text(text), advice: advice)
    }
}

/// What the doctor found out about one subject.
struct Examination {
    let subject: String
    let findings: [Finding]
    /// The findings in a line for people.
    let summary: String

    init(subject: String, findings: [Finding], summary: String? = nil) {
        self.subject = subject
        self.findings = findings
        self.summary = summary ?? findings.map { "\($0.name) \($0.value)" }.joined(separator: ", ")
    }
}

extension Finding.Value: Encodable, CustomStringConvertible {
    var description: String {
        switch self {
        case .text(let text): text
        case .number(let number): String(number)
        case .flag(let flag): flag ? "yes" : "no"
        case .list(let items): items.isEmpty ? "none" : items.joined(separator: ", ")
        }
    }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        switch self {
        case .text(let text): try container.encode(text)
        case .number(let number): try container.encode(number)
        case .flag(let flag): try container.encode(flag)
        case .list(let items): try container.encode(items)
        }
    }
}
