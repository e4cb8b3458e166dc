import Steering

/// Transferring features from another picture.
extension State {
    /// Asks for the donor.
    mutating func askForDonor() -> [Effect] {
        guard analysis != nil else { return inform("There is no picture yet to transfer to.") }
        return ask(.donor, donorPath)
    }

    /// Analyses a donor, or the picture to subtract from one.
    mutating func lookAtDonor(path: String, isOrigin: Bool) -> [Effect] {
        if !isOrigin { donorPath = path }
        let url = TypedPath(path, home: options.home).url
        looksForOrigin = isOrigin
        return ask(.lookAt(url), saying: "analysing \(url.lastPathComponent)")
    }

    mutating func take(_ donor: Donor) -> [Effect] {
        if looksForOrigin {
            guard let wholeDonor = self.donor else { return [] }
            return show(TransferList(from: wholeDonor, to: features.list.features, origin: donor))
        }
        self.donor = donor
        return show(TransferList(from: donor, to: features.list.features))
    }

    /// Adds a group of edits that gives the chosen features the donor's activations, or that adds the difference between two donors.
    mutating func copy(_ transfer: TransferList) -> [Effect] {
        let chosen = transfer.chosen
        let known = Dictionary(
            (transfer.donor.features + (transfer.origin?.features ?? [])).map { ($0.index, $0) }, uniquingKeysWith: { first, _ in first })
        for feature in chosen.compactMap({ known[$0.index] }) {
            features.list.remember(
                Feature(
                    index: feature.index, activation: 0, norm: feature.norm, label: feature.label, maximum: feature.maximum,
                    usual: feature.usual))
        }
        return change { $0.transfer(chosen, from: transfer.donor.name, minus: transfer.origin?.name) }
    }
}
