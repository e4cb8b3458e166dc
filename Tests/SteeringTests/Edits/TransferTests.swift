import Testing

@testable import Steering

@Suite("Transfer between pictures")
struct TransferTests {
    private let target = [Feature(index: 1, activation: 5, norm: 1, label: "gold"), Feature(index: 2, activation: 1, norm: 10)]
    private let donor = [
        Feature(index: 2, activation: 3, norm: 10), Feature(index: 7, activation: 4, norm: 1), Feature(index: 9, activation: 0, norm: 1),
    ]

    @Test("What two pictures do not share is listed, the largest effect first, with both activations") func listing() {
        let found = FeatureDifference.all(from: target, to: donor)
        #expect(found.map(\.index) == [2, 1, 7])
        #expect(found.map(\.own) == [1, 5, 0] && found.map(\.donor) == [3, 0, 4])
        #expect(found.map(\.effect) == [20, -5, 4] && found[1].label == "gold")
        #expect(FeatureDifference.all(from: target, to: target).isEmpty)
    }

    @Test("Copied features become the donor's, as far as the group's strength says") func copying() throws {
        var stack = EditStack()
        stack.transfer(FeatureDifference.all(from: target, to: donor), from: "donor")
        let own: (Int) -> Float = { [1: 5, 2: 1][$0] ?? 0 }
        #expect(stack.changes(own) == [Change(feature: 2, amount: 2), Change(feature: 1, amount: -5), Change(feature: 7, amount: 4)])
        let group = try #require(stack.groups.first)
        #expect(group.name == "from donor")
        stack.updateGroup(group.id) { $0.strength = 0.5 }
        #expect(stack.changes(own).map(\.amount) == [1, -2.5, 2])
    }

    @Test("The difference of two donors is added to whatever a third picture shows") func difference() {
        var stack = EditStack()
        stack.transfer(FeatureDifference.all(from: target, to: donor), from: "donor", minus: "target", strength: 0.5)
        #expect(stack.changes { _ in 100 }.map(\.amount) == [1, -2.5, 2] && stack.groups.map(\.name) == ["target to donor"])
    }

    @Test("Nothing to borrow leaves the stack as it was") func nothing() {
        var stack = EditStack()
        stack.transfer([], from: "donor")
        #expect(stack.isEmpty && stack.groups.isEmpty)
    }
}
