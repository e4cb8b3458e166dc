import Foundation
import Steering

/// What a job is to do.
public enum JobRequest: Sendable, Equatable, Codable {
    /// Make a picture on the worker's own engine.
    case render(RenderJob)
    /// Edit a picture towards a text on the worker's own engine.
    case edit(EditJob)
    /// Run one of Fader's commands as a program of its own.
    case command(CommandJob)

    /// What it does, in a word.
    var kind: String {
        switch self {
        case .render: "render"
        case .edit: "edit"
        case .command(let command): command.arguments.first ?? ""
        }
    }

    /// What it does, in a line.
    var title: String {
        switch self {
        case .render(let render): render.title
        case .edit(let edit): "edit a picture towards \"\(edit.prompt)\""
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

/// A picture to edit towards a text, beside which it is made without an edit.
public struct EditJob: Sendable, Equatable, Codable {
    /// The pack's folder, by absolute path.
    public var pack: String
    /// The picture's file, by absolute path.
    public var picture: String
    public var prompt: String
    /// How far the picture is moved along the direction of the text.
    public var amount: Float
    /// How many pairs of texts that direction is the mean of.
    public var textCount: Int
    /// The PNG files to write, by absolute path: with the edit, and as the pack restores the picture.
    public var edited, restored: String
    /// Who wants to hear of it, for the server that has queued it; nil for nobody.
    public var client: String?

    public init(
        pack: String, picture: String, prompt: String, amount: Float, textCount: Int, edited: String, restored: String,
        client: String? = nil
    ) {
        self.pack = pack
        self.picture = picture
        self.prompt = prompt
        self.amount = amount
        self.textCount = textCount
        self.edited = edited
        self.restored = restored
        self.client = client
    }

    /// An event tells of every so many steps of sampling, however fast they are.
    public static let reportedSteps = 10
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
