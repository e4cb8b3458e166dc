import Foundation

/// Where what is made of many pictures goes.
struct PictureDestinations {
    private let output: String
    private let inputs: Set<FileIdentity>
    private let mayReplace: Bool
    private var names: Set<String> = []

    /// - Parameters:
    ///   - output: the folder; `-` is standard output.
    ///   - others: what else is read, and never replaced.
    ///   - force: whether what is made of a picture may replace that picture.
    init(_ output: String, of pictures: [String], besides others: [String], force: Bool) {
        self.output = output
        inputs = Set((pictures + others).compactMap(FileIdentity.init))
        mayReplace = force
    }

    /// A file named like the picture; with a number where two have one name.
    /// - Throws: `CommandError.wouldReplaceItself`.
    mutating func next(for picture: String) throws -> String {
        if output == "-" { return output }
        let stem = picture == "-" ? "stdin" : URL(fileURLWithPath: picture).deletingPathExtension().lastPathComponent
        var (name, number) = (stem, 2)
        while names.contains(name) {
            name = "\(stem)-\(number)"
            number += 1
        }
        let destination = URL(fileURLWithPath: output).appendingPathComponent("\(name).png").path
        if let identity = FileIdentity(destination), inputs.contains(identity) {
            guard mayReplace && identity == FileIdentity(picture) else { throw CommandError.wouldReplaceItself(destination) }
        }
        names.insert(name)
        return destination
    }
}
