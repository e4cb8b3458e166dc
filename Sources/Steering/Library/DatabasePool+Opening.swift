import Foundation
import GRDB

extension DatabasePool {
    /// Opens an SQLite file that several programs use at a time, and makes it where there is none: readers never wait, and writers wait for each
    /// other for ten seconds.
    ///
    /// SQLite itself does not wait where two connections turn a new file to write-ahead logging at once, so this tries again.
    /// - Throws: `DatabaseError`.
    public static func opened(at url: URL) throws -> DatabasePool {
        let timeout = 10.0
        var configuration = Configuration()
        configuration.busyMode = .timeout(timeout)
        let end = Date(timeIntervalSinceNow: timeout)
        while true {
            do {
                return try DatabasePool(path: url.path, configuration: configuration)
            } catch let error as DatabaseError where error.resultCode == .SQLITE_BUSY && Date() < end {
                Thread.sleep(forTimeInterval: 0.005)
            }
        }
    }
}
