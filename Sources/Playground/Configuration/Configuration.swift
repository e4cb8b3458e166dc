import Foundation
import Terminal

/// What the user's `config.toml` says.
///
///     pack = "/models/kandinsky"      # the default pack
///     graphics = "sixel"
///     mouse = false
///     theme = "colored"               # auto, colored, basic or monochrome
///
///     [keys]
///     undo = ["u", "ctrl-u"]
///
///     [colors]
///     title = "#5fafd7"               # or a number of the 256-colour palette
public struct Configuration: Sendable, Equatable {
    public var pack: String?
    public var graphics: GraphicsProtocol?
    public var usesMouse = true
    /// What in the file is not known or wrong, each in one sentence with its line.
    public private(set) var problems: [String] = []
    var theme = Theme.Choice.auto
    var colors: [Theme.Role: Color] = [:]
    var bindings = Bindings.standard

    public init() {}

    /// Where the file is: `fader/config.toml` in `$XDG_CONFIG_HOME`, or in `~/.config`.
    public static func file(environment: [String: String]) -> URL? {
        let named = environment["XDG_CONFIG_HOME"].flatMap { $0.hasPrefix("/") ? URL(fileURLWithPath: $0) : nil }
        let home = environment["HOME"].flatMap { $0.isEmpty ? nil : URL(fileURLWithPath: $0).appendingPathComponent(".config") }
        return (named ?? home)?.appendingPathComponent("fader/config.toml")
    }

    /// Reads the file, if there is one.
    public init(contentsOf url: URL) {
        self.init()
        guard FileManager.default.fileExists(atPath: url.path) else { return }
        guard let text = try? String(contentsOf: url, encoding: .utf8) else {
            problems = ["\(url.path) cannot be read as UTF-8 text."]
            return
        }
        self.init(text, name: url.lastPathComponent)
    }

    /// Reads the file's text; `name` stands for it in problems.
    init(_ text: String, name: String) {
        self.init()
        let (entries, faults) = TOML.read(text)
        var found = faults.map { ($0.line, $0.reason) }
        var owners: [KeyPress: String] = [:]
        for entry in entries {
            do throws(Refusal) { try take(entry, &owners) } catch { found.append((entry.line, error.reason)) }
        }
        found += keyless(owners, in: entries)
        problems = found.sorted { $0.0 < $1.0 }.map { "\(name), line \($0.0): \($0.1)." }
    }

    /// The actions that have lost their last key to others: nobody may have wanted that.
    private func keyless(_ owners: [KeyPress: String], in entries: [TOML.Entry]) -> [(Int, String)] {
        let chosen = Set(entries.filter { $0.table == "keys" }.map(\.key))
        return zip(Bindings.standard.all, bindings.all).compactMap { standard, now in
            let name = now.action.name
            guard let key = standard.keys.first(where: { owners[$0] != nil }), now.keys.isEmpty, !chosen.contains(name),
                let owner = owners[key],
                let line = entries.last(where: { $0.table == "keys" && $0.key == owner })?.line
            else { return nil }
            let keyName = key.configuredName ?? key.shownName
            return (line, "\"\(keyName)\" was the key of \"\(name)\", which has none now; give \"\(name)\" another, or [] if it needs none")
        }
    }

    private struct Refusal: Error {
        let reason: String
    }

    /// - Parameter owners: the actions that the file has given keys to so far.
    private mutating func take(_ entry: TOML.Entry, _ owners: inout [KeyPress: String]) throws(Refusal) {
        switch (entry.table, entry.key, entry.value) {
        case ("", "pack", .string(let path)): pack = path
        case ("", "graphics", .string("auto")): graphics = nil
        case ("", "graphics", .string(let name)): graphics = try Self.choice(name, of: entry.key, in: GraphicsProtocol.allCases)
        case ("", "mouse", .boolean(let isUsed)): usesMouse = isUsed
        case ("", "theme", .string(let name)): theme = try Self.choice(name, of: entry.key, in: Theme.Choice.allCases)
        case ("keys", let name, .string(let key)): try bind(name, to: [key], &owners)
        case ("keys", let name, .strings(let keys)): try bind(name, to: keys, &owners)
        case ("colors", let name, .integer(let index)):
            guard let index = UInt8(exactly: index) else { throw Refusal(reason: "a palette's colours are 0 to 255, not \(index)") }
            colors[try role(name)] = .indexed(index)
        case ("colors", let name, .string(let text)):
            guard let color = Color(hexadecimal: text) else { throw Refusal(reason: "\"\(text)\" is not a colour such as \"#5fafd7\"") }
            colors[try role(name)] = color
        case ("", "pack", _), ("", "graphics", _), ("", "theme", _): throw Refusal(reason: "\"\(entry.key)\" is a text in quotes")
        case ("", "mouse", _): throw Refusal(reason: "\"mouse\" is true or false")
        case ("keys", _, _): throw Refusal(reason: "\"\(entry.key)\" is a key or a list of keys, in quotes")
        case ("colors", _, _): throw Refusal(reason: "\"\(entry.key)\" is a colour: a number or a text such as \"#5fafd7\"")
        case ("", _, _): throw Refusal(reason: "there is no setting \"\(entry.key)\"")
        default: throw Refusal(reason: "there is no table \"\(entry.table)\"")
        }
    }

    private static func choice<Choice: RawRepresentable>(_ name: String, of key: String, in all: [Choice]) throws(Refusal) -> Choice
    where Choice.RawValue == String {
        guard let choice = Choice(rawValue: name) else {
            throw Refusal(reason: "\"\(key)\" is one of \(all.map(\.rawValue).joined(separator: ", ")), not \"\(name)\"")
        }
        return choice
    }

    private func role(_ name: String) throws(Refusal) -> Theme.Role {
        guard let role = Theme.Role(rawValue: name) else {
            throw Refusal(
                reason: "there is no colour \"\(name)\"; there are \(Theme.Role.allCases.map(\.rawValue).joined(separator: ", "))")
        }
        return role
    }

    private mutating func bind(_ name: String, to keys: [String], _ owners: inout [KeyPress: String]) throws(Refusal) {
        guard let action = Action(named: name) else { throw Refusal(reason: "there is no action \"\(name)\" to give a key to") }
        var presses: [KeyPress] = []
        for key in keys {
            guard let press = KeyPress(named: key) else {
                throw Refusal(reason: "\"\(key)\" is not a key such as \"x\", \"ctrl-x\" or \"shift-left\"")
            }
            if let owner = owners[press] {
                throw Refusal(reason: "\"\(key)\" is already the key of \"\(owner)\"; give \"\(name)\" another")
            }
            presses.append(press)
        }
        for press in presses { owners[press] = name }
        bindings.bind(action, to: presses)
    }
}

extension Color {
    /// A colour written as in web pages: `#5fafd7`.
    fileprivate init?(hexadecimal text: String) {
        guard text.count == 7, text.first == "#", text.dropFirst().allSatisfy(\.isHexDigit), let value = UInt32(text.dropFirst(), radix: 16)
        else { return nil }
        self = .rgb(UInt8(value >> 16), UInt8(value >> 8 & 0xFF), UInt8(value & 0xFF))
    }
}
