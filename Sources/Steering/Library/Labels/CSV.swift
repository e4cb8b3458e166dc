/// Comma-separated values as RFC 4180 has them.
public enum CSV {
    /// One record and the line on which it begins, from 1.
    struct Record: Equatable {
        var line: Int
        var fields: [String]
    }

    /// Fields as one line, with its end; those with commas, quotation marks or line breaks in them are quoted.
    public static func line(_ fields: [String]) -> String {
        fields.map { field in
            field.contains { $0 == "," || $0 == "\"" || $0.isNewline } ? "\"" + field.replacing("\"", with: "\"\"") + "\"" : field
        }.joined(separator: ",") + "\n"
    }

    /// The records of a text; empty lines are none. Nil when a quotation mark is not closed.
    static func records(_ text: String) -> [Record]? {
        var records: [Record] = []
        var (line, start) = (1, 1)
        var (fields, field): ([String], String) = ([], "")
        var (isQuoted, wasQuoted) = (false, false)
        func isEmpty() -> Bool { fields.isEmpty && field.isEmpty && !wasQuoted }
        func finish() {
            if !isEmpty() { records.append(Record(line: start, fields: fields + [field])) }
            (fields, field, wasQuoted) = ([], "", false)
        }
        var characters = text.makeIterator()
        var next = characters.next()
        while let character = next {
            next = characters.next()
            if isQuoted {
                if character.isNewline { line += 1 }
                if character != "\"" {
                    field.append(character)
                } else if next == "\"" {
                    field.append("\"")
                    next = characters.next()
                } else {
                    isQuoted = false
                }
            } else if character == "\"" && field.isEmpty {
                (isQuoted, wasQuoted) = (true, true)
            } else if character == "," {
                fields.append(field)
                (field, wasQuoted) = ("", false)
            } else if character.isNewline {
                finish()
                line += 1
                start = line
            } else {
                field.append(character)
            }
        }
        finish()
        return isQuoted ? nil : records
    }
}
