import Foundation

/// What people are told of an error.
enum Sentence {
    /// One sentence: an error's own, or one in Fader's words for what the system reports.
    static func of(_ error: any Error) -> String {
        switch error {
        case let error as DecodingError: return "The JSON cannot be read: \(reason(of: error))."
        case is EncodingError: return "A result cannot be written as JSON: a number in it is infinite or not a number."
        case is CocoaError, is POSIXError: return system(error as NSError)
        case let error as any (CustomStringConvertible & LocalizedError): return error.description
        default:
            // Every Swift error becomes an NSError; only those of the system come from one of its domains.
            let bridged = error as NSError
            return [NSCocoaErrorDomain, NSPOSIXErrorDomain, NSURLErrorDomain].contains(bridged.domain) ? system(bridged) : "\(error)"
        }
    }

    private static func system(_ error: NSError) -> String {
        let path = error.userInfo[NSFilePathErrorKey] as? String ?? (error.userInfo[NSURLErrorKey] as? URL)?.path
        let subject = path.map { "\($0): " } ?? "A file cannot be read or written: "
        return subject + (reason(of: error) ?? "the system refuses it, with error \(error.code) of \(error.domain)") + "."
    }

    /// In the system's own words where it has any.
    private static func reason(of error: NSError) -> String? {
        if let cause = error.userInfo[NSUnderlyingErrorKey] as? NSError, let reason = reason(of: cause) { return reason }
        if error.domain == NSPOSIXErrorDomain {
            let message = String(cString: strerror(CInt(clamping: error.code)))
            return message.prefix(1).lowercased() + message.dropFirst()
        }
        return switch CocoaError.Code(rawValue: error.code) {
        case .fileReadNoSuchFile, .fileNoSuchFile: "there is no such file or folder"
        case .fileReadNoPermission, .fileWriteNoPermission: "permission is denied"
        case .fileWriteOutOfSpace: "there is no space left"
        case .fileWriteFileExists: "there is a file of this name already"
        case .fileWriteVolumeReadOnly: "the disk is read-only"
        case .fileReadTooLarge: "the file is too large"
        case .fileReadInapplicableStringEncoding, .fileReadUnknownStringEncoding: "it is not UTF-8 text"
        case .fileReadCorruptFile, .propertyListReadCorrupt: "its contents are damaged"
        default: nil
        }
    }

    private static func reason(of error: DecodingError) -> String {
        switch error {
        case .keyNotFound(let key, _): "\"\(key.stringValue)\" is missing"
        case .typeMismatch(_, let context), .valueNotFound(_, let context), .dataCorrupted(let context):
            context.codingPath.isEmpty
                ? "it is not of the expected form"
                : "\"\(context.codingPath.map(\.stringValue).joined(separator: "."))\" is not of the expected form"
        @unknown default: "it is not of the expected form"
        }
    }
}
