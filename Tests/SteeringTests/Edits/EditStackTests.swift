import Steering
import Testing

@Suite("The edit stack")
struct EditStackTests {
    @Test("Edits of one feature apply in order") func order() {
        var stack = EditStack()
        stack.append(.add, feature: 3, value: 2)
        stack.append(.set, feature: 3, value: 10)
        stack.append(.add, feature: 3, value: -1)
        #expect(stack.value(of: 3, from: 5) == 9)
        #expect(stack.changes { _ in 5 } == [Change(feature: 3, amount: 4)])
    }

    @Test(
        "Strength makes a part of the change, or more than all of it", arguments: [(0, 4), (0.5, 7), (1, 10), (2, 16)] as [(Float, Float)])
    func strength(strength: Float, expected: Float) {
        #expect(Edit(id: 0, kind: .set, feature: 0, value: 10, strength: strength)(4) == expected)
        #expect(Edit(id: 0, kind: .add, feature: 0, value: 6, strength: strength)(4) == expected)
    }

    @Test("What is off, and what ends as it began, changes nothing") func withoutEffect() {
        var stack = EditStack()
        stack.append(feature: 1, value: 9, isOn: false)
        stack.append(.add, feature: 2, value: 3)
        stack.append(.add, feature: 2, value: -3)
        stack.append(feature: 3, value: 5)
        #expect(stack.changes { $0 == 3 ? 5 : 1 } == [])
        #expect(stack.features == [1, 2, 3])
    }

    @Test("Setting a feature again changes its last edit that sets it, and leaves added amounts alone") func setting() {
        var stack = EditStack()
        stack.set(feature: 7, to: 1)
        stack.append(.add, feature: 7, value: 2)
        stack.set(feature: 7, to: 5)
        #expect(stack.edits.map(\.value) == [5, 2])
        #expect(stack.value(of: 7, from: 0) == 7)
        stack.set(feature: 8, to: 1)
        #expect(stack.edits.count == 3)
    }

    @Test("Every edit has an id of its own, also after others are gone") func identity() {
        var stack = EditStack()
        let first = stack.append(feature: 1, value: 1)
        stack.remove(first.id)
        let second = stack.append(feature: 1, value: 1)
        #expect(first.id != second.id)
        stack.update(first.id) { $0.value = 9 }
        #expect(stack.edits == [second])
        stack.update(second.id) { $0.value = 9 }
        #expect(stack.edits.map(\.value) == [9])
    }

    @Test("Edits go one by one, by feature, or all at once") func removal() {
        var stack = EditStack()
        for feature in [1, 2, 1, 3] { stack.append(feature: feature, value: 1) }
        stack.removeAll(feature: 1)
        #expect(stack.features == [2, 3])
        stack.removeAll()
        #expect(stack.isEmpty)
    }

    @Test("Changes come in the order in which features were first touched") func firstTouch() {
        var stack = EditStack()
        for feature in [9, 2, 9, 5] { stack.append(.add, feature: feature, value: 1) }
        #expect(stack.changes { _ in 0 } == [Change(feature: 9, amount: 2), Change(feature: 2, amount: 1), Change(feature: 5, amount: 1)])
    }
}
