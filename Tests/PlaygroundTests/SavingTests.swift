import Foundation
import Pictures
import Testing

@testable import Playground
@testable import Steering

@Suite("Exports and the saved session") struct SavingTests {
    private func inFolder(_ body: (URL) throws -> Void) throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("fader-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        try body(folder)
    }

    /// A recipe with an edit for a picture that is written into the folder.
    private func recipe(in folder: URL) throws -> Recipe {
        let picture = folder.appendingPathComponent("house.png")
        try Picture.plain(40, 80, 120).write(toPNG: picture)
        var stack = EditStack()
        stack.append(feature: 17, value: 20)
        return Recipe(
            pack: .init(name: "demo", fingerprint: "0123"), picture: .init(path: picture.path, content: try Data(contentsOf: picture)),
            sampling: Sampling(steps: 9), stack: stack)
    }

    @Test("A finished picture is saved at once, a draft when it is finished, with the recipe that makes it") func picture() throws {
        var session = try ScriptedSession.atRest()
        let house = OpenedPicture.example.source.url
        session.play("s")
        #expect(session.effects == [.export(.picture(try .plain(42, 82, 122), try #require(session.state.recipe)), to: .beside(house))])
        session.play("right s")
        #expect(!session.effects.contains { if case .export = $0 { true } else { false } })
        session.finishRender(with: try .plain(1, 1, 1))
        session.send(.timer(.rest))
        session.finishRender(with: try .plain(2, 2, 2))
        #expect(session.effects == [.export(.picture(try .plain(2, 2, 2), try #require(session.state.recipe)), to: .beside(house))])
        session.play("m e")
        let recipe = try #require(session.state.recipe)
        #expect(session.effects.last == .export(.pair(before: try .plain(2, 2, 2), after: try .plain(2, 2, 2), recipe), to: .beside(house)))
        session.play("E")
        #expect(session.effects == [.export(.recipe(recipe), to: .beside(house))])
    }

    @Test("Each export opens again as the picture, the edits and the settings that it was made of") func roundTrip() throws {
        try inFolder { folder in
            let recipe = try recipe(in: folder)
            let house = folder.appendingPathComponent("house.png")
            let steered = try Picture.plain(1, 2, 3, width: 48, height: 48)
            let exports: [Export] = [
                .picture(steered, recipe), .pair(before: try .plain(40, 80, 120), after: steered, recipe), .recipe(recipe),
            ]
            for export in exports {
                let (opened, picture) = try OpenedPicture.read(export.write(to: .beside(house)))
                #expect(opened.recipe == recipe && !opened.isOtherPicture)
                #expect(picture == (try .plain(40, 80, 120)))
                #expect(opened.source.url.lastPathComponent == "house.png")
            }
            #expect(try OpenedPicture.read(house).opened.recipe == nil)
        }
    }

    @Test("An export goes where the user says, never over a file, and by its own format") func namedPlace() throws {
        try inFolder { folder in
            let recipe = try recipe(in: folder)
            let export = Export.picture(try .plain(1, 2, 3), recipe)
            let named = folder.appendingPathComponent("mine.png")
            #expect(try export.write(to: .file(folder.appendingPathComponent("mine"))) == named)
            #expect(try OpenedPicture.read(named).opened.recipe == recipe)
            for wrong in ["mine.png", "mine", "other.jpg"] {
                #expect(throws: ExportError.self) { try export.write(to: .file(folder.appendingPathComponent(wrong))) }
            }
            let (opened, _) = try OpenedPicture.read(named)
            #expect(opened.file == named && opened.source.url.lastPathComponent == "house.png")
        }
    }

    @Test("Where nothing can be written, another place is asked for; a message names the whole place") func asksForPlace() throws {
        var options = Options.example
        options.home = "/home/me"
        var session = try ScriptedSession.atRest(columns: 120, options: options)
        let export = Export.recipe(try #require(session.state.recipe))
        session.send(.exportNeedsPlace(export, reason: "/pictures/house-fader.json: permission denied."))
        #expect(session.state.overlays.top?.typedText == "~/house-fader.json")
        #expect(session.screen.contains("save as: ~/house-fader.json") && session.screen.contains("permission denied"))
        session.play("end")
        session.play("bksp bksp bksp bksp bksp 2 enter")
        #expect(session.effects == [.export(export, to: .file(URL(fileURLWithPath: "/home/me/house-fader2")))])
        session.send(.exported(URL(fileURLWithPath: "/home/me/house-fader2.json")))
        #expect(session.screen.contains("Saved house-fader2.json in ~."))
        session.play(":save-as enter")
        #expect(session.state.overlays.top?.typedText == "/pictures/house-fader.png")
        session.send(.exportNeedsPlace(export, reason: "/pictures/house-fader.json: permission denied."))
        #expect(session.state.overlays.top?.typedText == "/pictures/house-fader.png")
    }

    @Test("Both pictures side by side are as high as the first") func pair() throws {
        let pair = try Picture.plain(1, 2, 3).beside(.plain(9, 8, 7, width: 48, height: 96))
        #expect(pair.width == 36 && pair.height == 24)
        #expect(Array(pair.pixels[0..<3]) == [1, 2, 3] && Array(pair.pixels.suffix(3)) == [9, 8, 7])
    }

    @Test("A recipe finds its picture beside itself when both were moved, and tells when it is another") func moved() throws {
        try inFolder { folder in
            var recipe = try recipe(in: folder)
            recipe.picture?.path = "/gone/house.png"
            let saved = try Export.recipe(recipe).write(to: .beside(folder.appendingPathComponent("house.png")))
            #expect(try !OpenedPicture.read(saved).opened.isOtherPicture)
            try Picture.plain(0, 0, 0).write(toPNG: folder.appendingPathComponent("house.png"))
            #expect(try OpenedPicture.read(saved).opened.isOtherPicture)
            try FileManager.default.removeItem(at: folder.appendingPathComponent("house.png"))
            #expect(throws: PictureError.self) { try OpenedPicture.read(saved) }
        }
    }

    @Test("What is no picture, recipe or session is refused", arguments: ["", "{", "{}", "[1]", "{\"pack\": 1}", "text", "\u{89}PNG\r\n"])
    func refused(text: String) throws {
        try inFolder { folder in
            let file = folder.appendingPathComponent("file.json")
            try Data(text.utf8).write(to: file)
            #expect(throws: (any Error).self) { try OpenedPicture.read(file) }
            #expect(throws: (any Error).self) { try Session(contentsOf: file) }
            #expect(throws: PictureError.self) { try OpenedPicture.read(folder) }
        }
    }

    @Test("An export never overwrites") func exportName() {
        let taken: Set = ["/p/house.v2-fader.png", "/p/house.v2-fader-2.png"]
        let destination = URL(fileURLWithPath: "/p/house.v2.jpg").exportDestination("-fader", "png") { taken.contains($0.path) }
        #expect(destination.path == "/p/house.v2-fader-3.png")
        #expect(URL(fileURLWithPath: "/p/house.jpg").exportDestination("-fader", "json") { _ in false }.path == "/p/house-fader.json")
    }

    @Test("A change is saved within a second, many of them at once, and nothing when nothing changes") func autosave() throws {
        var options = Options.example
        options.sessionFile = URL(fileURLWithPath: "/state/session.json")
        var session = try ScriptedSession.atRest(options: options)
        session.send(.timer(.autosave))
        #expect(session.effects == [.save(try #require(session.state.session))])
        session.play("right right right")
        #expect(session.effects.filter { $0 == .startTimer(.autosave, seconds: 0.5) }.count == 1)
        session.send(.timer(.autosave))
        #expect(session.effects == [.save(try #require(session.state.session))])
        session.play("down b v ?")
        #expect(session.effects.isEmpty)
        session.play("esc right")
        #expect(session.effects.contains(.startTimer(.autosave, seconds: 0.5)))
    }

    @Test("Without a file to save to, nothing is saved") func noFile() throws {
        var session = try ScriptedSession.atRest()
        session.play("right")
        #expect(!session.effects.contains(.startTimer(.autosave, seconds: 0.5)))
    }

    @Test("A session that cannot be saved is told once") func failedSave() throws {
        var session = try ScriptedSession.atRest()
        session.send(.savingFailed("/state: the file cannot be saved: there is no space left on the device."))
        #expect(session.screen.contains("no space left"))
        session.play("down")
        session.send(.savingFailed("/state: the file cannot be saved: there is no space left on the device."))
        #expect(!session.screen.contains("no space left"))
    }

    @Test("A saved session opens as it was left, and an older save never replaces a newer one") func store() throws {
        try inFolder { folder in
            let file = folder.appendingPathComponent("state/fader/session.json")
            let store = SessionStore(file)
            let old = Session(pack: "/packs/old", recipe: try recipe(in: folder))
            let new = Session(pack: "/packs/new", recipe: try recipe(in: folder))
            let (first, second) = (store.number(), store.number())
            try store.save(new, number: second)
            try store.save(old, number: first)
            #expect(try Session(contentsOf: file) == new)
            #expect(try OpenedPicture.read(file).opened.recipe == new.recipe)
            #expect(try FileManager.default.contentsOfDirectory(atPath: file.deletingLastPathComponent().path) == ["session.json"])
        }
    }

    @Test("Paths are completed as far as they are certain, to folders, pictures and recipes") func completion() throws {
        try inFolder { folder in
            for name in ["house.png", "horse.jpg", "notes.txt", "recipe.json", ".hidden.png"] {
                try Data().write(to: folder.appendingPathComponent(name))
            }
            try FileManager.default.createDirectory(at: folder.appendingPathComponent("hotels"), withIntermediateDirectories: true)
            func complete(_ name: String) -> PathCompletion { PathCompletion("\(folder.path)/\(name)", home: "/nowhere") }
            #expect(complete("h").text == "\(folder.path)/ho")
            #expect(complete("h").choices == ["horse.jpg", "hotels/", "house.png"])
            #expect(complete("hou").text == "\(folder.path)/house.png" && complete("hou").choices.isEmpty)
            #expect(complete("hot").text == "\(folder.path)/hotels/")
            #expect(complete("n").text == "\(folder.path)/n")
            #expect(complete(".h").text == "\(folder.path)/.hidden.png")
            #expect(complete("").choices == ["horse.jpg", "hotels/", "house.png", "recipe.json"])
            #expect(PathCompletion("/nowhere/at/all", home: "/nowhere").text == "/nowhere/at/all")
        }
    }

    @Test("The pictures of a folder follow each other around its ends, and exports are passed over") func neighbours() throws {
        try inFolder { folder in
            for name in ["a.png", "b.jpg", "b-fader.png", "c.webp", "notes.txt"] {
                try Data().write(to: folder.appendingPathComponent(name))
            }
            func neighbour(_ name: String, _ isNext: Bool) -> String? {
                folder.appendingPathComponent(name).neighbouringPicture(isNext: isNext)?.lastPathComponent
            }
            #expect(neighbour("a.png", true) == "b.jpg" && neighbour("b.jpg", true) == "c.webp" && neighbour("c.webp", true) == "a.png")
            #expect(neighbour("a.png", false) == "c.webp")
            #expect(
                neighbour("gone.png", true) == "a.png" && neighbour("bb.json", false) == "b.jpg" && neighbour("bb.json", true) == "c.webp")
            #expect(URL(fileURLWithPath: "/nowhere/a.png").neighbouringPicture(isNext: true) == nil)
        }
    }
}
