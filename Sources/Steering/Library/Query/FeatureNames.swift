import Foundation

/// Finds the features of a pack by number, or by what they are called.
public struct FeatureNames: Sendable {
    private let known: [FeatureNameError.Candidate]

    /// The names of the pack's library, or else of its `features.json`.
    /// - Throws: `SteeringError.unreadableDescription` when `features.json` is not what it should be.
    public init(pack: Pack) throws { self.init(try KnownFeatures(pack: pack)) }

    /// - Throws: `LibraryError`.
    public init(_ library: FeatureLibrary) throws { self.init(try KnownFeatures(library)) }

    /// Whether a text can be a feature's number or label: it is neither blank nor a number below 0.
    public static func isName(_ text: String) -> Bool { text.contains { !$0.isWhitespace } && Int(text).map { $0 >= 0 } ?? true }

    init(_ features: KnownFeatures) {
        known = features.labels.map { FeatureNameError.Candidate(index: $0.key, label: $0.value) }.sorted { $0.index < $1.index }
    }

    /// The feature of a number, whether or not the pack has it; or the only one with this label, or else with a label that has these words or
    /// begins of words. Case does not count.
    /// - Throws: `FeatureNameError` when there is none, or more than one.
    public func feature(named text: String) throws -> Int {
        let name = text.trimmingCharacters(in: .whitespaces)
        if let number = Int(name), number >= 0 { return number }
        let wanted = name.lowercased()
        let words = Self.words(wanted)
        var found = known.filter { $0.label.lowercased() == wanted }
        if found.isEmpty && !words.isEmpty {
            found = known.filter { candidate in
                let own = Self.words(candidate.label.lowercased())
                return words.allSatisfy { word in own.contains { $0.hasPrefix(word) } }
            }
        }
        if found.count > 1 { throw FeatureNameError.ambiguous(name, candidates: found) }
        guard let feature = found.first else { throw FeatureNameError.unknown(name, nearest: nearest(to: wanted)) }
        return feature.index
    }

    private static func words(_ text: String) -> [Substring] { text.split { !$0.isLetter && !$0.isNumber } }

    private func nearest(to name: String) -> FeatureNameError.Candidate? {
        let wanted = Array(name.prefix(Self.longest))
        return known.min { distance(wanted, $0.label) < distance(wanted, $1.label) }
    }

    /// Labels are compared up to this many characters.
    private static let longest = 60

    /// How many letters have to be put in, left out, replaced or swapped with their neighbour to make the one the other.
    private func distance(_ wanted: [Character], _ label: String) -> Int {
        let label = Array(label.lowercased().prefix(Self.longest))
        var rows = [Array(0...label.count)]
        for (i, letter) in wanted.enumerated() {
            var row = [i + 1]
            for (j, other) in label.enumerated() {
                var best = min(rows[i][j] + (letter == other ? 0 : 1), rows[i][j + 1] + 1, row[j] + 1)
                if i > 0, j > 0, letter == label[j - 1], wanted[i - 1] == other { best = min(best, rows[i - 1][j - 1] + 1) }
                row.append(best)
            }
            rows.append(row)
        }
        return rows[wanted.count][label.count]
    }
}

/// Why a name stands for no feature.
public enum FeatureNameError: Error, Equatable, LocalizedError, CustomStringConvertible {
    /// A feature that may have been meant.
    public struct Candidate: Sendable, Equatable {
        public let index: Int
        public let label: String
    }

    case ambiguous(String, candidates: [Candidate])
    /// `nearest` is nil where the pack's features have no labels.
    case unknown(String, nearest: Candidate?)

    public var description: String {
        switch self {
        case .ambiguous(let name, let candidates):
            let shown = candidates.prefix(Self.most).map(\.text).joined(separator: ", ")
            let rest = candidates.count > Self.most ? " and \(candidates.count - Self.most) more" : ""
            return "\"\(name)\" may be \(shown)\(rest): give a number or a whole label."
        case .unknown(let name, let nearest?): return "There is no feature \"\(name)\"; the nearest is \(nearest.text)."
        case .unknown(let name, nil):
            return "There is no feature \"\(name)\": the pack's features have no labels, so give a number."
        }
    }

    public var errorDescription: String? { description }

    /// How many candidates are listed.
    private static let most = 12
}

extension FeatureNameError.Candidate {
    fileprivate var text: String { "\"\(label)\" (\(index))" }
}
