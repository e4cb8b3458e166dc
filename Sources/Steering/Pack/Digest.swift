import CCrypto
import Foundation

/// SHA-256, as hexadecimal digits.
enum Digest {
    static func sha256(_ data: Data) -> String {
        var digest = [UInt8](repeating: 0, count: Int(SHA256_DIGEST_LENGTH))
        data.withUnsafeBytes { bytes in _ = SHA256(bytes.bindMemory(to: UInt8.self).baseAddress, bytes.count, &digest) }
        return hexadecimal(digest)
    }

    /// Of a file that is read piece by piece.
    /// - Parameter each: called with how many bytes each piece had; what it throws ends the reading.
    /// - Throws: `SteeringError.unreadableFile`.
    static func sha256(of url: URL, _ each: (Int) throws -> Void) throws -> String {
        guard let handle = FileHandle(forReadingAtPath: url.path), let context = EVP_MD_CTX_new() else {
            throw SteeringError.unreadableFile(url.path)
        }
        defer { EVP_MD_CTX_free(context) }
        EVP_DigestInit_ex(context, EVP_sha256(), nil)
        while let piece = try read(handle, url) {
            piece.withUnsafeBytes { _ = EVP_DigestUpdate(context, $0.baseAddress, $0.count) }
            try each(piece.count)
        }
        var digest = [UInt8](repeating: 0, count: Int(SHA256_DIGEST_LENGTH))
        EVP_DigestFinal_ex(context, &digest, nil)
        return hexadecimal(digest)
    }

    /// Of bytes that come piece by piece.
    final class Running {
        private let context: OpaquePointer?

        init() {
            context = EVP_MD_CTX_new()
            EVP_DigestInit_ex(context, EVP_sha256(), nil)
        }

        deinit {
            EVP_MD_CTX_free(context)
        }

        func add(_ bytes: [UInt8]) { _ = EVP_DigestUpdate(context, bytes, bytes.count) }

        /// Of all that was added; nothing can be added after it.
        func digest() -> String {
            var digest = [UInt8](repeating: 0, count: Int(SHA256_DIGEST_LENGTH))
            EVP_DigestFinal_ex(context, &digest, nil)
            return Digest.hexadecimal(digest)
        }
    }

    private static func read(_ handle: FileHandle, _ url: URL) throws -> Data? {
        do {
            guard let piece = try handle.read(upToCount: 4 << 20), !piece.isEmpty else { return nil }
            return piece
        } catch {
            throw SteeringError.unreadableFile(url.path)
        }
    }

    private static func hexadecimal(_ digest: [UInt8]) -> String {
        digest.map { byte in (byte < 16 ? "0" : "") + String(byte, radix: 16) }.joined()
    }
}
