import Foundation

/// Ends the process at once, without the destructors that C++ libraries have registered: the engine's thread may still be computing with what
/// they destroy, and would crash.
func leave(_ code: Int32) -> Never {
    fflush(nil)
    _exit(code)
}
