import Steering

/// Groups of features: similar ones, those found in the picture, and those saved in the library.
extension State {
    /// The size of a group of similar features.
    private static let alikeCount = 5
    /// The strength of a new group: enough to see, with room to raise.
    private static let firstStrength: Float = 0.5

    /// Asks for the features most similar to the selected one.
    mutating func askForAlike() -> [Effect] {
        guard pack != nil, let feature = features.list.selectedFeature else { return inform("There is no feature to compare with yet.") }
        return ask(.findAlike(feature.index), saying: "finding features similar to \(feature.name)")
    }

    /// Groups a feature with those most similar to it, under one slider.
    mutating func group(_ index: Int, with page: FeaturePage) -> [Effect] {
        guard let feature = features.list[index] else { return [] }
        let others = page.features.prefix(Self.alikeCount - 1)
        for other in others { features.list.remember(other.feature) }
        let members = [feature] + others.compactMap { features.list[$0.index] }
        return change { stack in
            let name = stack.uniqueName("like \(feature.name)")
            stack.append(members.map { ($0.index, Slider($0).typicalValue) }, inGroup: name)
            if let group = stack.groups.last(where: { $0.name == name }) {
                stack.updateGroup(group.id) { $0.strength = Self.firstStrength }
            }
        }
    }

    /// Asks the engine to divide the picture's features into groups.
    mutating func askForGrouping() -> [Effect] {
        guard let analysis, !features.list.features.isEmpty else { return inform("There are no features to group.") }
        return ask(.findGroups(analysis.id), saying: "grouping the features")
    }

    /// Adds the groups that were found with strength 0: raising one shows more of its features.
    mutating func add(found groups: [FeatureGroup]) -> [Effect] {
        let count = stack.parts.count
        let effects = change { stack in
            for group in groups {
                let name = stack.uniqueName(group.name)
                stack.append(FeatureGroup(name: name, members: group.members))
                if let added = stack.groups.last(where: { $0.name == name }) { stack.updateGroup(added.id) { $0.strength = 0 } }
            }
        }
        if stack.parts.count > count {
            edits.select(stack.parts[count])
            focus = .edits
        }
        return effects + inform("\(groups.count) groups: increase one to see what it does.")
    }

    /// Saves the current edit's group in the library.
    mutating func saveGroup() -> [Effect] {
        guard let part = currentPart, let group = stack.group(of: part) else {
            return inform("This edit has no group; \(bindings.key(of: EditAction.group) ?? ":") makes one.")
        }
        let members = stack.edits(of: .group(group.id)).compactMap { edit in
            edit.feature.flatMap { features.list[$0] }.map { feature in
                let change = edit.kind == .set ? edit.value - feature.activation : edit.value
                return FeatureGroup.Member(feature: feature.index, weight: change * edit.strength)
            }
        }
        return ask(.saveGroup(FeatureGroup(name: group.name, members: members)))
    }

    mutating func askForGroups() -> [Effect] { pack == nil ? inform("The pack is still loading.") : ask(.listGroups) }

    mutating func show(saved groups: [FeatureGroup]) -> [Effect] {
        guard overlays.isEmpty else { return [] }
        guard !groups.isEmpty else {
            return inform("There are no saved groups yet; \(bindings.key(of: LibraryAction.saveGroup) ?? ":save-group") saves one.")
        }
        return show(GroupList(groups))
    }

    /// Adds a saved group with the changes to its features.
    mutating func add(_ group: FeatureGroup) -> [Effect] {
        change { $0.append(group) }
    }
}

extension ListedFeature {
    /// The feature in a picture in which it is not active.
    var feature: Feature { Feature(index: index, activation: 0, norm: norm ?? 1, label: label, maximum: maximum, usual: mean) }
}
