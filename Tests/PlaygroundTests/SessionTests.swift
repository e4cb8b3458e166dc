import Foundation
import Pictures
import Steering
import Terminal
import Testing

@testable import Playground

@Suite("Sessions of several pictures") struct SessionTests {
    private func started(_ options: Options = .example) -> ScriptedSession {
        var session = ScriptedSession(display: Display(size: GridSize(columns: 80, rows: 24)), options: options)
        session.answer(.opened(.example))
        return session
    }

    private func inFolder(_ body: (SessionFolder) throws -> Void) throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("fader-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: folder) }
        try body(try #require(SessionFolder(environment: ["XDG_STATE_HOME": folder.path])))
    }

    /// A session with some edits of a picture.
    private func saved(_ edits: Int, of name: String = "a.png") throws -> Session {
        var session = started()
        session.open(try .example(), .example(named: name))
        for value in 0..<edits { session.play("down =\(value) enter") }
        return try #require(session.state.session)
    }

    @Test(
        "Each picture has its edits and its undo again when it comes back, whatever was done to others",
        arguments: ["]", "[", "o x.png enter"])
    func comesBack(key: String) throws {
        var session = started()
        session.open(try .example(), .example(named: "a.png"))
        session.play("=17 enter =18 enter down =3 enter")
        let stack = session.state.stack
        session.play(key)
        session.open(try .example(number: 2), .example(named: "b.png"))
        #expect(session.state.stack.isEmpty)
        session.play("=9 enter")
        session.play(key)
        session.open(try .example(number: 3), .example(named: "a.png"))
        #expect(session.state.stack == stack)
        session.play("u u")
        #expect(session.state.stack.edits.map(\.value) == [17])
        session.play("U U")
        #expect(session.state.stack == stack)
        session.play(key)
        session.open(try .example(number: 4), .example(named: "b.png"))
        #expect(session.state.stack.edits.map(\.value) == [9])
        session.play("u")
        #expect(session.state.stack.isEmpty)
    }

    @Test("A file that holds another picture by now begins anew, and a recipe for a known picture can be undone") func recognised() throws {
        var session = started()
        session.open(try .example(), .example(named: "a.png"))
        session.play("=17 enter")
        let recipe = try #require(session.state.recipe)
        session.open(try .example(), .example(named: "a.png", content: "other"))
        #expect(session.state.stack.isEmpty)
        session.open(try .example(), .example(named: "a.png"))
        session.play("R =20 enter")
        session.open(try .example(), .example(named: "a.png", recipe: recipe))
        #expect(session.state.stack.edits.map(\.value) == [17])
        session.play("u")
        #expect(session.state.stack.edits.map(\.value) == [20])
    }

    @Test("A saved session brings back the last picture, and the others when they are visited") func resumes() throws {
        try inFolder { folder in
            var first = started()
            first.open(try .example(), .example(named: "a.png"))
            first.play("=17 enter")
            first.open(try .example(), .example(named: "b.png"))
            first.play("=18 enter down =2 enter")
            let file = folder.newFile()
            try SessionStore(file).save(try #require(first.state.session), number: 1)

            let session = try Session(contentsOf: file)
            #expect(session == first.state.session)
            var second = started()
            second.open(try .example(), .example(named: "b.png", recipe: session.recipe, session: session))
            #expect(second.state.stack.edits.map(\.value) == [18, 2])
            #expect(second.state.unsavedSession == nil)
            second.open(try .example(), .example(named: "a.png"))
            #expect(second.state.stack.edits.map(\.value) == [17])
            let kept = try #require(second.state.unsavedSession)
            #expect(kept.recipe.edits.map(\.value) == [17] && kept.others.map { $0.edits.map(\.value) } == [[18, 2]])
        }
    }

    @Test("Each run has its own file, and the newest session with work is resumed") func newest() throws {
        try inFolder { folder in
            #expect(throws: SessionError.missing(path: folder.url.path)) { try folder.newest() }
            let (old, new, empty) = (folder.newFile(), folder.newFile(), folder.newFile())
            #expect(Set([old, new, empty]).count == 3)
            try SessionStore(new).save(try saved(2), number: 1)
            try SessionStore(old).save(try saved(1), number: 1)
            try FileManager.default.setAttributes([.modificationDate: Date.now - 3600], ofItemAtPath: old.path)
            try SessionStore(empty).save(try saved(0), number: 1)
            #expect(!FileManager.default.fileExists(atPath: empty.path))
            try saved(0).write(to: empty)
            #expect(try folder.newest().session == saved(2))
            try FileManager.default.removeItem(at: new)
            #expect(try folder.newest().session == saved(1))
            #expect(try folder.newest().file.lastPathComponent == old.lastPathComponent)
        }
    }

    @Test("A session of an earlier version is resumed where there is no newer one, and files that cannot be read are left alone")
    func former() throws {
        try inFolder { folder in
            let former = folder.url.deletingLastPathComponent().appendingPathComponent("session.json")
            let recipe = try saved(3).recipe
            try FileManager.default.createDirectory(at: folder.url, withIntermediateDirectories: true)
            try Data("{\"pack\": \"/packs/demo\", \"recipe\": \(String(decoding: recipe.data(), as: UTF8.self))}".utf8).write(to: former)
            #expect(try folder.newest().session == saved(3))
            let broken = ["", "{}", "{\"pack\": 1}", "[", "\u{0}", "{\"pack\": \"\", \"recipe\": {\"format\": 2}}"]
            let files = broken.map { text in (folder.newFile(), Data(text.utf8)) }
            for (file, data) in files { try data.write(to: file) }
            try FileManager.default.createDirectory(at: folder.newFile(), withIntermediateDirectories: true)
            var passedOver: Set<String> = []
            #expect(try folder.newest { passedOver.insert($0.lastPathComponent) }.session == saved(3))
            #expect(passedOver == Set(files.map(\.0.lastPathComponent)))
            try FileManager.default.removeItem(at: former)
            #expect(throws: SessionError.self) { try folder.newest() }
            for (file, data) in files { #expect(try Data(contentsOf: file) == data) }
        }
    }

    @Test("The newest hundred sessions are kept") func room() throws {
        try inFolder { folder in
            let session = try saved(1)
            let files = (0..<103).map { _ in folder.newFile() }
            for (age, file) in files.enumerated() {
                try session.write(to: file)
                try FileManager.default.setAttributes([.modificationDate: Date.now - Double(age)], ofItemAtPath: file.path)
            }
            folder.makeRoom()
            #expect(files.map { FileManager.default.fileExists(atPath: $0.path) } == (0..<103).map { $0 < 100 })
        }
    }

    @Test("A session without work has no file, and work that is undone takes its own file away, no other's") func withoutWork() throws {
        try inFolder { folder in
            let (mine, other) = (folder.newFile(), folder.newFile())
            let store = SessionStore(mine)
            try SessionStore(other).save(try saved(1), number: 1)
            try store.save(try saved(1), number: store.number())
            try store.save(try saved(0), number: store.number())
            #expect(!FileManager.default.fileExists(atPath: mine.path))
            try SessionStore(other).save(try saved(0), number: 1)
            #expect(try Session(contentsOf: other) == saved(1))
        }
    }

    @Test("What is kept is told in a few words that no terminal obeys") func told() throws {
        #expect(try saved(0).keptWork == nil)
        #expect(try saved(1).keptWork == "1 edit of a.png")
        #expect(try saved(3, of: "b\u{1B}[31m.png").keptWork == "3 edits of b\u{FFFD}[31m.png")
        var session = try saved(2)
        session.others = [try saved(1, of: "b.png").recipe, try saved(0, of: "c.png").recipe]
        #expect(session.keptWork == "3 edits of 2 pictures")
        var noise = started()
        noise.open(try .example(), .example(named: "a.png"))
        noise.play("N")
        #expect(noise.state.session?.keptWork == "seed \(noise.state.settings.seed) of a.png")
    }
}
