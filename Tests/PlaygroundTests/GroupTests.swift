import Steering
import Testing

@testable import Playground

@Suite("Groups of features") struct GroupTests {
    @Test("All like this: the feature and those most like it, in a group with one slider, in one undo step") func alike() throws {
        var session = try ScriptedSession.atRest()
        session.play("A")
        #expect(session.asked.contains(.findAlike(17)))
        let request = FeatureQuery(order: .likeness, feature: 17)
        session.answer(.alike(17, .example(request)))
        let group = try #require(session.state.stack.groups.first)
        #expect(group.name == "like sun low over the water" && group.strength == 0.5)
        #expect(session.state.stack.edits.map(\.feature) == [17, 0, 1, 2, 3])
        #expect(session.state.stack.edits.map(\.value) == [20, 100, 101, 102, 103])
        #expect(session.screen.contains("thing 0"))
        session.play("tab up up up up up right")
        #expect(session.state.stack.groups.first?.strength == 0.55)
        session.play("u u")
        #expect(session.state.stack.isEmpty)
    }

    @Test("A group is kept with the pack and added to another picture, by how much its features were changed") func kept() throws {
        var session = try ScriptedSession.atRest()
        session.play(": save-group enter")
        #expect(session.screen.contains("has no group"))
        session.play("=15 enter G light enter down =4.5 enter G light enter : save-group enter")
        let group = FeatureGroup(name: "light", members: [.init(feature: 17, weight: 3), .init(feature: 230, weight: -5)])
        #expect(session.asked.contains(.saveGroup(group)))
        session.answer(.savedGroup("light"))
        #expect(session.screen.contains("Saved the group \"light\""))

        var other = try ScriptedSession.atRest()
        other.play("p")
        #expect(other.asked == [.listGroups])
        other.answer(.listedGroups([FeatureGroup(name: "dark", members: []), group]))
        #expect(other.screen == (try Golden.screen("groups", recording: other.screen)))
        other.play("down enter")
        #expect(other.state.overlays.isEmpty)
        #expect(other.state.stack.groups.map(\.name) == ["light"])
        #expect(other.state.changes == [Change(feature: 17, amount: 3), Change(feature: 230, amount: -5)])
    }

    @Test("Marked edits go into one group together, in one undo step; marks on a group are its edits'") func gathers() throws {
        var session = try ScriptedSession.atRest()
        session.play("T")
        #expect(session.screen.contains("no edit yet"))
        session.play("=15 enter down =4 enter down =3 enter down =5 enter tab up up up up T down T")
        #expect(session.screen.contains("edits · 4 · 2 marked"))
        session.play("G l i g h t enter")
        #expect(session.state.stack.groups.map(\.name) == ["light"])
        let marked = session.state.stack.edits.filter { $0.group != nil }
        #expect(marked.count == 2 && session.state.edits.marked.isEmpty)
        session.play("u")
        #expect(session.state.stack.groups.isEmpty && session.state.stack.edits.count == 4)

        session.play("U up up up up T")
        #expect(session.state.edits.marked == Set(marked.map(\.id)))
        #expect(session.screen.contains("✓"))
        session.play("up T")
        #expect(session.state.edits.marked.isEmpty)
        session.play("up T G enter")
        #expect(session.state.stack.groups.isEmpty && session.state.stack.edits.count == 4)
    }

    @Test("Tab completes the name of a group that there is, as far as it is certain") func completesNames() throws {
        var session = try ScriptedSession.atRest()
        session.play("=15 enter G tab light enter")
        #expect(session.state.stack.groups.map(\.name) == ["light"])
        session.play("down =4 enter G tab")
        #expect(session.screen.contains("): light") && session.screen.contains("Tab"))
        session.play("enter down =3 enter G lines enter down =5 enter G tab")
        #expect(session.screen.contains("light  lines"))
        session.play("n tab enter")
        #expect(session.state.stack.groups.map { session.state.stack.edits(of: .group($0.id)).count } == [2, 2])
    }

    @Test("The picture's features fall into groups, which show nothing until they are raised") func automatic() throws {
        var session = try ScriptedSession.atRest()
        session.play("P")
        #expect(session.asked == [.findGroups(AnalysisID(1))])
        let groups = [
            FeatureGroup(name: "sun", members: [.init(feature: 17, weight: 12)]),
            FeatureGroup(name: "roof, fence", members: [.init(feature: 230, weight: 9.5), .init(feature: 55, weight: 5)]),
        ]
        session.answer(.foundGroups(groups))
        #expect(session.state.stack.groups.map(\.name) == ["sun", "roof, fence"])
        #expect(session.state.changes.isEmpty)
        session.play("end")
        #expect(session.state.stack.groups.map(\.strength) == [2, 0])
        session.play("u u")
        #expect(session.state.stack.isEmpty)
    }

    @Test("Without kept groups, and after an error of the library, a sentence says so") func none() throws {
        var session = try ScriptedSession.atRest()
        session.play("p")
        session.answer(.listedGroups([]))
        #expect(session.state.overlays.isEmpty)
        #expect(session.screen.contains("no saved groups"))
        session.play("p")
        try session.fail("listGroups", "features.sqlite: another program is using it; try again.")
        #expect(session.screen.contains("another program"))
    }
}
