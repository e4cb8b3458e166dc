import Foundation
import Steering

/// Settings of sampling, and opening pictures.
extension State {
    mutating func switchStart() -> [Effect] {
        let effects = change(settings: { $0.begin(withNoise: !$0.beginsWithNoise) })
        return effects
            + inform(settings.beginsWithNoise ? "Starting from noise, seed \(settings.seed)." : "Starting from the picture.")
    }

    mutating func switchInversion() -> [Effect] {
        let effects = change(settings: { $0.sampling.inversion = $0.sampling.inversion == .exact ? .plain : .exact })
        let isExact = settings.sampling.inversion == .exact
        let start = settings.beginsWithNoise ? " once rendering begins there" : ""
        return effects + inform(isExact ? "The inversion is exact\(start)." : "The inversion is plain\(start), as diffusers has it.")
    }

    mutating func takeNewSeed() -> [Effect] {
        guard !isSeedLocked else { return inform("The seed is locked; \(bindings.key(of: PictureAction.lockSeed) ?? ":") unlocks it.") }
        let seed = newSeed()
        return set(seed: seed)
    }

    /// Begins at noise with this seed.
    mutating func set(seed: UInt64) -> [Effect] {
        change(settings: {
            $0.setSeed(seed)
            $0.begin(withNoise: true)
        })
    }

    mutating func lockSeed() -> [Effect] {
        isSeedLocked.toggle()
        return inform(isSeedLocked ? "The seed is locked." : "The seed is unlocked: each new picture gets its own.")
    }

    mutating func change(settings edit: (inout Settings) -> Void) -> [Effect] {
        history.change { edit(&$0.settings) } ? showEdits() : []
    }

    /// A seed short enough to be read and typed.
    mutating func newSeed() -> UInt64 { random.next() % 1_000_000 }

    mutating func openNeighbour(isNext: Bool) -> [Effect] {
        guard let openedFile, phase == .ready else { return [] }
        return beginAnalysing(isNext ? .next(after: openedFile) : .previous(before: openedFile))
    }

    mutating func open(path: String) -> [Effect] {
        guard pack != nil else { return inform("The pack is still loading.") }
        return beginAnalysing(.file(TypedPath(path, home: options.home).url))
    }

    private mutating func beginAnalysing(_ location: PictureLocation) -> [Effect] {
        phase = .analysing(nil)
        return cancelRender() + [.stopTimer(.rest)] + ask(.analyse(location))
    }
}
