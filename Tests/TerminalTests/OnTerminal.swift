import Testing

/// Tests that need signals or ncurses, of which a process has one: they run one after another.
@Suite("On a terminal", .serialized) enum OnTerminal {}
