import Foundation

extension Recipe {
    /// Where its picture is: where it says, or else beside the recipe; nil when it begins with a text, or the picture is at neither place.
    /// - Parameter url: the recipe's own file.
    public func pictureFile(beside url: URL) -> URL? {
        guard let picture else { return nil }
        let named = URL(fileURLWithPath: picture.path)
        let moved = url.deletingLastPathComponent().appendingPathComponent(named.lastPathComponent)
        return [named, moved].first { FileManager.default.fileExists(atPath: $0.path) }
    }
}
