/// Saving the session by itself, soon after each change.
extension State {
    private static let autosaveSeconds = 0.5

    /// Schedules saving the session, unless that is scheduled already.
    mutating func saveSoon() -> [Effect] {
        guard options.sessionFile != nil, !isSavePending else { return [] }
        isSavePending = true
        return [.startTimer(.autosave, seconds: Self.autosaveSeconds)]
    }

    /// Saves the session when the time has come, if it is worth that.
    mutating func autosave() -> [Effect] {
        isSavePending = false
        guard let session = unsavedSession else { return [] }
        hasSaved = true
        return [.save(session)]
    }

    /// Reports it once: it would come again with every change.
    mutating func failSaving(_ reason: String) -> [Effect] {
        defer { hasSavingFailed = true }
        return hasSavingFailed ? [] : complain(reason)
    }
}
