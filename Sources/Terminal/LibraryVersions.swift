import CNcurses
import CSixel

/// The versions of the libraries that terminals are driven with.
public enum LibraryVersions {
    /// For instance "ncurses 6.4.20221231".
    public static var ncurses: String { String(cString: curses_version()) }

    /// The version that the program was built with, for instance "1.10.3".
    public static let sixel = LIBSIXEL_VERSION
}
