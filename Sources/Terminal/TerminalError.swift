/// Something the terminal or its graphics could not do, in one sentence.
public struct TerminalError: Error, Equatable, CustomStringConvertible {
    public let description: String

    public init(_ description: String) {
        self.description = description
    }
}
