/// A terminal's screen as bytes make it: text, pictures, modes, and what must not happen to pictures.
///
/// It knows what ncurses sends to an xterm, no more; anything else is recorded as unknown.
public struct TerminalEmulator {
    public struct Picture: Sendable, Equatable {
        public var column: Int
        public var row: Int
        public var bytes: [UInt8]
    }

    public struct KeptPicture {
        public var width = 0
        public var height = 0
        /// 3, or 4 where pixels may be transparent.
        public var channels = 3
        public var data: [UInt8] = []
        public var isWhole = false
        public var place: (column: Int, row: Int, columns: Int, rows: Int)?
        /// Whether it is to be shown by placeholders.
        public var isVirtual = false
    }

    public let columns: Int
    public let rows: Int
    /// The size of a cell, by which pictures cover cells.
    public let cell: (width: Int, height: Int)

    /// Every picture, in the order in which they came.
    public private(set) var pictures: [Picture] = []
    /// The pictures that are kept by kitty's protocol, by number, and the cell that each one's upper left corner was put at.
    public private(set) var kept: [Int: KeptPicture] = [:]
    /// Private modes that are set, and how often each was set and reset.
    public private(set) var modes: Set<Int> = []
    public private(set) var switches: [Int: (set: Int, reset: Int)] = [:]
    /// How often text or an erasing command touched a cell that shows a picture.
    public private(set) var damage = 0
    public private(set) var unknown: [String] = []
    /// Bytes outside synchronised output that drew something.
    public private(set) var unsynchronised = 0

    private var grid: [[Character]]
    private var isPicture: [[Bool]]
    private var column = 0
    private var row = 0
    private var saved = (column: 0, row: 0)
    private var last: Character = " "
    private var pending: [UInt8] = []
    /// The number of the picture whose data is still coming.
    private var arriving: Int?

    public init(columns: Int, rows: Int, cell: (width: Int, height: Int) = (10, 20)) {
        self.columns = columns
        self.rows = rows
        self.cell = cell
        grid = Array(repeating: Array(repeating: " ", count: columns), count: rows)
        isPicture = Array(repeating: Array(repeating: false, count: columns), count: rows)
    }

    /// The characters, in the form of `Canvas.text`.
    public var text: String {
        grid.map { line in
            var line = String(line.filter { $0 != "\0" })
            while line.last == " " { line.removeLast() }
            return line
        }.joined(separator: "\n")
    }

    public func showsPicture(column: Int, row: Int) -> Bool { isPicture[row][column] }

    /// Forgets what was counted so far.
    public mutating func startCounting() {
        pictures = []
        damage = 0
        unsynchronised = 0
    }

    public mutating func feed(_ bytes: some Sequence<UInt8>) {
        for byte in bytes {
            pending.append(byte)
            if isComplete { obey() }
        }
    }

    private var isComplete: Bool {
        let last = pending[pending.count - 1]
        guard pending[0] == 0x1B else {
            return pending[0] < 0x80 || String(validating: pending, as: UTF8.self) != nil
        }
        guard pending.count > 1 else { return false }
        switch pending[1] {
        case UInt8(ascii: "["): return pending.count > 2 && (0x40...0x7E).contains(last)
        case UInt8(ascii: "P"), UInt8(ascii: "]"), UInt8(ascii: "_"):
            guard last == UInt8(ascii: "\\") else { return last == 7 }
            // Within what tmux passes on, escape characters are doubled.
            return !pending.dropLast().reversed().prefix { $0 == 0x1B }.count.isMultiple(of: 2)
        case UInt8(ascii: "("), UInt8(ascii: ")"): return pending.count == 3
        default: return true
        }
    }

    private mutating func obey() {
        defer { pending = [] }
        switch pending[0] {
        case 0x1B: obeyEscape()
        case 0x0D: column = 0
        case 0x0A: row = min(rows - 1, row + 1)
        case 0x08: column = max(0, column - 1)
        case 0x09: column = min(columns - 1, column / 8 * 8 + 8)
        case 0x00..<0x20: break
        default: print(Character(String(decoding: pending, as: UTF8.self)))
        }
    }

    private mutating func obeyEscape() {
        switch pending[1] {
        case UInt8(ascii: "["): obeyControl()
        case UInt8(ascii: "P") where pending.starts(with: Array("\u{1B}P$q".utf8)): break
        case UInt8(ascii: "P") where pending.starts(with: Self.passage): obeyPassed()
        case UInt8(ascii: "P"): drawPicture()
        case UInt8(ascii: "_"): obeyKitty()
        case UInt8(ascii: "7"): saved = (column, row)
        case UInt8(ascii: "8"): (column, row) = saved
        case UInt8(ascii: "M"): row = max(0, row - 1)
        case UInt8(ascii: "("), UInt8(ascii: ")"), UInt8(ascii: "="), UInt8(ascii: ">"), UInt8(ascii: "]"), UInt8(ascii: "\\"): break
        default: unknown.append("ESC \(pending[1])")
        }
    }

    private mutating func obeyControl() {
        let body = String(decoding: pending.dropFirst(2).dropLast(), as: UTF8.self)
        let final = Character(Unicode.Scalar(pending[pending.count - 1]))
        let numbers = body.split(separator: ";", omittingEmptySubsequences: false).map { Int($0) ?? 0 }
        let first = numbers.first ?? 0
        switch final {
        case "H": (row, column) = (max(1, first) - 1, max(1, numbers.count > 1 ? numbers[1] : 1) - 1)
        case "d": row = max(1, first) - 1
        case "G": column = max(1, first) - 1
        case "A": row = max(0, row - max(1, first))
        case "B": row = min(rows - 1, row + max(1, first))
        case "C": column = min(columns - 1, column + max(1, first))
        case "D": column = max(0, column - max(1, first))
        case "b": for _ in 0..<max(1, first) { print(last) }
        case "K": erase(from: first == 0 ? column : 0, to: first == 1 ? column : columns - 1, row: row)
        case "X": erase(from: column, to: min(columns, column + max(1, first)) - 1, row: row)
        case "J": eraseDisplay(first)
        case "h", "l": body.first == "?" ? switchModes(body.dropFirst(), on: final == "h") : ()
        case "m", "r", "t", "c", "n", "q", "p", "S": break
        default: unknown.append("CSI \(body)\(final)")
        }
    }

    private mutating func switchModes(_ body: Substring, on: Bool) {
        for mode in body.split(separator: ";").compactMap({ Int($0) }) {
            if on {
                modes.insert(mode)
                switches[mode, default: (0, 0)].set += 1
            } else {
                modes.remove(mode)
                switches[mode, default: (0, 0)].reset += 1
            }
        }
    }

    private mutating func eraseDisplay(_ which: Int) {
        if which == 0 { erase(from: column, to: columns - 1, row: row) }
        for line in which == 0 ? row + 1..<max(row + 1, rows) : which == 1 ? 0..<row : 0..<rows {
            // Clearing everything is what a redraw begins with; it damages nothing that is not drawn again.
            erase(from: 0, to: columns - 1, row: line, counts: which != 2)
        }
    }

    private mutating func erase(from start: Int, to end: Int, row: Int, counts: Bool = true) {
        for column in start..<max(start, end + 1) { set(" ", column: column, row: row, counts: counts) }
    }

    private mutating func print(_ character: Character) {
        if character.unicodeScalars.first?.properties.generalCategory == .nonspacingMark, column > 0 {
            // It stands above the one before it.
            grid[row][column - 1] = Character(String(grid[row][column - 1]) + String(character))
            return
        }
        let width = character.unicodeScalars.first.map { $0.value >= 0x1100 && "漢字語".unicodeScalars.contains($0) ? 2 : 1 } ?? 1
        last = character
        if column + width > columns {
            column = 0
            row = min(rows - 1, row + 1)
        }
        set(character, column: column, row: row)
        if width == 2 { set("\0", column: column + 1, row: row) }
        column += width
    }

    private mutating func set(_ character: Character, column: Int, row: Int, counts: Bool = true) {
        guard (0..<columns).contains(column), (0..<rows).contains(row) else { return unknown.append("cell \(column),\(row)") }
        if isPicture[row][column], counts { damage += 1 }
        if !modes.contains(2026) { unsynchronised += 1 }
        isPicture[row][column] = false
        grid[row][column] = character
    }

    private mutating func drawPicture() {
        guard let decoded = try? SixelDecoder(pending) else { return unknown.append("a device control string") }
        pictures.append(Picture(column: column, row: row, bytes: pending))
        if !modes.contains(2026) { unsynchronised += 1 }
        for line in row..<row + (decoded.height + cell.height - 1) / cell.height {
            for place in column..<column + (decoded.width + cell.width - 1) / cell.width {
                guard line < rows, place < columns else {
                    unknown.append("a picture outside the screen")
                    continue
                }
                isPicture[line][place] = true
            }
        }
    }

    private static let passage = Array("\u{1B}Ptmux;".utf8)

    /// What tmux passes on to the terminal around it.
    private mutating func obeyPassed() {
        var bytes: [UInt8] = []
        var isDoubled = false
        for byte in pending.dropFirst(Self.passage.count).dropLast(2) {
            isDoubled = byte == 0x1B && !isDoubled
            if !isDoubled { bytes.append(byte) }
        }
        (pending, bytes) = (bytes, pending)
        if pending.starts(with: Array("\u{1B}_".utf8)) { obeyKitty() }
    }

    private mutating func obeyKitty() {
        let body = String(decoding: pending.dropFirst(2).dropLast(2), as: UTF8.self)
        guard body.first == "G" else { return unknown.append("APC \(body.prefix(9))") }
        let halves = body.dropFirst().split(separator: ";", maxSplits: 1, omittingEmptySubsequences: false)
        let pairs = halves[0].split(separator: ",").map { $0.split(separator: "=") }.filter { $0.count == 2 }
        let keys = Dictionary(pairs.map { ($0[0], String($0[1])) }) { $1 }
        let number = keys["i"].flatMap { Int($0) }
        switch keys["a"] {
        case "q": break
        case "d" where keys["d"] == "A": kept = [:]
        case "d": if let number { kept[number] = nil }
        case "p": place(number, keys)
        case "t", nil: take(number, keys, Array((halves.count > 1 ? halves[1] : "").utf8))
        default: unknown.append("kitty \(body.prefix(20))")
        }
    }

    private mutating func take(_ number: Int?, _ keys: [Substring: String], _ data: [UInt8]) {
        if let number {
            if arriving != nil { unknown.append("a picture within a picture") }
            arriving = number
            kept[number] = KeptPicture(
                width: keys["s"].flatMap { Int($0) } ?? 0, height: keys["v"].flatMap { Int($0) } ?? 0, channels: keys["f"] == "32" ? 4 : 3)
        }
        guard let current = arriving else { return unknown.append("data of no picture") }
        kept[current]?.data += data
        guard keys["m"] != "1" else { return }
        kept[current]?.isWhole = true
        arriving = nil
    }

    private mutating func place(_ number: Int?, _ keys: [Substring: String]) {
        guard let number, kept[number]?.isWhole == true else { return unknown.append("a place for no picture") }
        kept[number]?.isVirtual = keys["U"] == "1"
        kept[number]?.place = (column, row, keys["c"].flatMap { Int($0) } ?? 0, keys["r"].flatMap { Int($0) } ?? 0)
    }
}
