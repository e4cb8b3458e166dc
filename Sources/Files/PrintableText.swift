extension String {
    /// In quotation marks, fit for a message: see `printable`.
    public var quoted: String { "\"\(printable)\"" }

    /// On one line, cut to a sensible length and without characters that could steer a terminal: files choose their names freely.
    public var printable: String {
        let longest = 120
        let cut = unicodeScalars.prefix(longest)
        let clean = String(String.UnicodeScalarView(cut.map { $0.isPrintable ? $0 : "\u{FFFD}" }))
        return unicodeScalars.count > longest ? clean + "…" : clean
    }
}

extension Unicode.Scalar {
    fileprivate var isPrintable: Bool {
        switch properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator, .privateUse, .unassigned: false
        default: true
        }
    }
}
