import Foundation
import Steering

/// What a job is to do.
public enum JobRequest: Sendable, Equatable, Codable {
    /// Make a picture on the worker's own engine.
    case render(RenderJob)
    /// Run one of Fader's commands as a program of its own.
    case command(CommandJob)

    /// What it does, in a word.
    var kind: String {
        switch self {
        case .render: "render"
        case .command(let command): command.arguments.first ?? ""
        }
    }

    /// What it does, in a line.
    var title: String {
        switch self {
        case .render(let render): render.title
        case .command(let command): command.title
        }
    }
}

/// A picture to make from a recipe.
public struct RenderJob: Sendable, Equatable, Codable {
    /// The pack's folder, by absolute path.
    public var pack: String
    /// The picture's file, by absolute path; nil for a recipe that begins with a prompt.
    public var picture: String?
    /// The edits, the sampling, and the prompt if there is one.
    public var recipe: Recipe
    public var size: RenderRequest.Size
    /// The PNG, JPEG or WebP file to write, by absolute path; nil for a PNG among the queue's results.
    public var output: String?
    /// Whether there are events with the picture so far.
    public var previews: Bool

    public init(
        pack: String, picture: String?, recipe: Recipe, size: RenderRequest.Size = .original, output: String? = nil, previews: Bool = true
    ) {
        self.pack = pack
        self.picture = picture
        self.recipe = recipe
        self.size = size
        self.output = output
        self.previews = previews
    }

    var title: String {
        let subject = picture.map { URL(fileURLWithPath: $0).lastPathComponent } ?? recipe.prompt.map { "\"\($0.text)\"" } ?? "a picture"
        return "render \(subject)" + (recipe.edits.isEmpty ? "" : " with \(recipe.edits.count) edit\(recipe.edits.count == 1 ? "" : "s")")
    }
}

/// A command of the fader program, as it would be typed.
public struct CommandJob: Sendable, Equatable, Codable {
    /// Without the program's name.
    public var arguments: [String]
    /// What is added to the arguments when the work was begun before.
    public var continuation: [String]
    /// The folder that relative paths begin at, by absolute path.
    public var directory: String
    /// The environment variables that it has, or does not have, whatever the worker's are.
    public var environment: [String: String?]
    /// The files that it will have written, by absolute path.
    public var files: [String]

    public init(
        arguments: [String], continuation: [String] = [], directory: String, environment: [String: String?] = [:], files: [String] = []
    ) {
        self.arguments = arguments
        self.continuation = continuation
        self.directory = directory
        self.environment = environment
        self.files = files
    }

    /// As it would be typed into a shell.
    var title: String {
        arguments.map { argument in
            let isPlain = !argument.isEmpty && argument.allSatisfy { $0.isLetter || $0.isNumber || "-_./=,:+*@%".contains($0) }
            return isPlain ? argument : "'" + argument.replacing("'", with: "'\\''") + "'"
        }.joined(separator: " ")
    }
}
