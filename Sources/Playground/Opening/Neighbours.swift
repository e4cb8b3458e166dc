import Foundation

extension URL {
    private static let pictureExtensions: Set = ["png", "jpg", "jpeg", "webp"]

    /// The picture after this one in its folder, or before it, by name and around the ends; pictures that Fader saved are passed over.
    /// - Returns: nil when there is no other.
    func neighbouringPicture(isNext: Bool) -> URL? {
        let folder = deletingLastPathComponent()
        let all = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
        let names = all.filter { name in
            Self.pictureExtensions.contains((name as NSString).pathExtension.lowercased())
                && (name == lastPathComponent || !name.hasPrefix(".") && !name.contains("-fader"))
        }.sorted()
        guard names.count > 1, let place = names.firstIndex(of: lastPathComponent) else {
            return names.first { $0 != lastPathComponent }.map(folder.appendingPathComponent)
        }
        return folder.appendingPathComponent(names[(place + (isNext ? 1 : names.count - 1)) % names.count])
    }
}
