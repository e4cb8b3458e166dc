import ArgumentParser

extension CompletionKind {
    /// Picture files, by the endings that they usually have.
    static let picture = CompletionKind.file(extensions: ["png", "jpg", "jpeg", "webp"])
}
