import Foundation
import Steering
import Testing

@Suite("Arranging the edit stack") struct EditPartTests {
    /// Features 1, 2 and 3 are in the group "sky", between 0 and 4 that are in none.
    private func example() -> EditStack {
        var stack = EditStack()
        for feature in 0..<5 { stack.append(.add, feature: feature, value: 1) }
        for id in 1...3 { stack.group(id, as: "sky") }
        return stack
    }

    private func sky(of stack: EditStack) throws -> Int { try #require(stack.groups.first { $0.name == "sky" }?.id) }

    @Test("A group is listed above its edits") func parts() throws {
        let stack = example()
        let sky = try sky(of: stack)
        #expect(stack.parts == [.edit(0), .group(sky), .edit(1), .edit(2), .edit(3), .edit(4)])
    }

    @Test("A group weighs and switches its edits, and no others") func groupCounts() throws {
        var stack = example()
        let sky = try sky(of: stack)
        stack.updateGroup(sky) { $0.strength = 0.5 }
        stack.update(2) { $0.strength = 2 }
        #expect(stack.changes { _ in 0 }.map(\.amount) == [1, 0.5, 1, 0.5, 1])
        stack.updateGroup(sky) { $0.isOn = false }
        #expect(stack.changes { _ in 0 }.map(\.feature) == [0, 4])
    }

    @Test("Of a part that is alone, only that counts; a second time ends it, and so does its end") func solo() throws {
        var stack = example()
        let sky = try sky(of: stack)
        stack.toggleSolo(.edit(2))
        #expect(stack.changes { _ in 0 }.map(\.feature) == [2])
        stack.toggleSolo(.group(sky))
        #expect(stack.changes { _ in 0 }.map(\.feature) == [1, 2, 3])
        stack.toggleSolo(.group(sky))
        #expect(stack.changes { _ in 0 }.count == 5)
        stack.toggleSolo(.edit(2))
        stack.remove(.edit(2))
        #expect(stack.changes { _ in 0 }.map(\.feature) == [0, 1, 3, 4])
    }

    @Test("What is alone counts although it is switched off, as on a mixing desk, and is off again afterwards") func soloOfWhatIsOff()
        throws
    {
        var stack = example()
        let sky = try sky(of: stack)
        stack.update(0) { $0.isOn = false }
        stack.update(1) { $0.isOn = false }
        stack.updateGroup(sky) { $0.isOn = false }
        #expect(stack.changes { _ in 0 }.map(\.feature) == [4])
        stack.toggleSolo(.edit(0))
        #expect(stack.changes { _ in 0 }.map(\.feature) == [0])
        stack.toggleSolo(.edit(1))
        #expect(stack.changes { _ in 0 }.map(\.feature) == [1])
        stack.toggleSolo(.group(sky))
        #expect(stack.changes { _ in 0 }.map(\.feature) == [2, 3])
        stack.toggleSolo(.group(sky))
        #expect(stack.changes { _ in 0 }.map(\.feature) == [4])
    }

    @Test("Joining a group moves an edit to its end; the last edit that leaves ends it") func joining() {
        var stack = example()
        stack.group(0, as: "sky")
        #expect(stack.edits.map(\.feature) == [1, 2, 3, 0, 4])
        stack.ungroup(2)
        #expect(stack.edits.map(\.feature) == [1, 3, 0, 2, 4])
        for id in [1, 3, 0] { stack.ungroup(id) }
        #expect(stack.groups.isEmpty)
        #expect(stack.edits.allSatisfy { $0.group == nil })
    }

    @Test("An edit of the middle of a group that joins another leaves the first in one piece") func regrouping() {
        var stack = example()
        stack.group(2, as: "sea")
        #expect(stack.edits.map(\.feature) == [0, 1, 3, 2, 4])
        #expect(stack.groups.map(\.name) == ["sky", "sea"])
        #expect(stack.parts.count == 7)
    }

    @Test("Parts move past each other, groups as a whole, and edits out of groups at their ends") func moving() throws {
        var stack = example()
        let sky = try sky(of: stack)
        stack.move(.edit(0), down: true)
        #expect(stack.edits.map(\.feature) == [1, 2, 3, 0, 4])
        stack.move(.group(sky), down: true)
        #expect(stack.edits.map(\.feature) == [0, 1, 2, 3, 4])
        stack.move(.edit(1), down: true)
        #expect(stack.edits.map(\.feature) == [0, 2, 1, 3, 4])
        stack.move(.edit(2), down: false)
        #expect(stack.edits.map(\.group) == [nil, nil, sky, sky, nil])
        for part in [EditPart.edit(0), .edit(77), .group(77)] { stack.move(part, down: false) }
        stack.move(.edit(4), down: true)
        #expect(stack.edits.map(\.feature) == [0, 2, 1, 3, 4])
    }

    @Test("A copy stands below its original; of a group, all of it, under another name") func duplicates() throws {
        var stack = example()
        let sky = try sky(of: stack)
        let copied = stack.duplicate(.edit(1))
        let edit = try #require(copied)
        #expect(stack.edits.map(\.feature) == [0, 1, 1, 2, 3, 4])
        #expect(stack.parts[3] == edit)
        stack.remove(edit)
        stack.updateGroup(sky) { $0.strength = 0.5 }
        let copies = stack.duplicate(.group(sky))
        let group = try #require(copies)
        #expect(stack.edits.map(\.feature) == [0, 1, 2, 3, 1, 2, 3, 4])
        #expect(stack.groups.map(\.name) == ["sky", "sky 2"])
        #expect(stack.groups.map(\.strength) == [0.5, 0.5])
        #expect(stack.edits(of: group).map(\.feature) == [1, 2, 3])
        #expect(stack.duplicate(.edit(99)) == nil)
    }

    @Test("Values are set in a group of their own, on top") func appending() {
        var stack = example()
        stack.append([(feature: 8, value: 2), (feature: 9, value: 3)], inGroup: "sky")
        #expect(stack.groups.map(\.name) == ["sky", "sky 2"])
        #expect(stack.edits.suffix(2).map(\.value) == [2, 3])
        #expect(Set(stack.edits.map(\.id)).count == 7)
        let filled = stack
        stack.append([], inGroup: "none")
        #expect(stack == filled)
    }

    @Test("A recipe brings groups, their strength and what is alone back") func recipe() throws {
        var stack = example()
        let sky = try sky(of: stack)
        stack.updateGroup(sky) { ($0.strength, $0.isOn) = (1.5, false) }
        for solo in [nil, EditPart.group(sky), .edit(4)] {
            stack.endSolo()
            if let solo { stack.toggleSolo(solo) }
            let recipe = Recipe(
                pack: .init(name: "demo", fingerprint: "ab12"), picture: .init(path: "a.png", content: Data()), sampling: Sampling(),
                stack: stack)
            let read = try Recipe(data: recipe.data(), name: "r.json").stack
            #expect(read.parts.count == stack.parts.count)
            #expect(read.groups.map(\.name) == ["sky"] && read.groups.map(\.strength) == [1.5] && read.groups.map(\.isOn) == [false])
            #expect(read.changes { _ in 0 } == stack.changes { _ in 0 })
            #expect((read.solo == nil) == (solo == nil))
        }
    }
}
