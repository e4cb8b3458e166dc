/// The part of TOML that a configuration needs: tables, strings, whole numbers, booleans and lists of strings.
///
/// TOMLKit is not used because the values that it parses carry no line numbers, and every problem in the file is reported with its line.
enum TOML {
    enum Value: Sendable, Equatable {
        case string(String)
        case integer(Int)
        case boolean(Bool)
        case strings([String])
    }

    /// One `key = value`, with the table that it is in and its line, from 1.
    struct Entry: Sendable, Equatable {
        let table, key: String
        let value: Value
        let line: Int
    }

    /// A line that is none of what is known.
    struct Fault: Error, Sendable, Equatable {
        let line: Int
        let reason: String
    }

    /// Reads line by line; what cannot be read is told, and the rest goes on.
    static func read(_ text: String) -> (entries: [Entry], faults: [Fault]) {
        var entries: [Entry] = []
        var faults: [Fault] = []
        var table = ""
        for (offset, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
            var scanner = TOMLScanner(line)
            do throws(TOMLScanner.Problem) {
                switch try scanner.line() {
                case .empty: break
                case .table(let name): table = name
                case .entry(let key, let value):
                    if entries.contains(where: { $0.table == table && $0.key == key }) {
                        throw TOMLScanner.Problem("\"\(key)\" is there twice")
                    }
                    entries.append(Entry(table: table, key: key, value: value, line: offset + 1))
                }
            } catch {
                faults.append(Fault(line: offset + 1, reason: error.reason))
            }
        }
        return (entries, faults)
    }
}
