/// Writes rows of an indexed picture as sixel.
///
/// Sixel draws a band of six rows at a time, one colour after another: a byte for each column says which of the six pixels have the colour.
/// Such a run of one colour is a stroke here; strokes that do not overlap share one pass of the pen from left to right.
struct SixelWriter {
    private struct Stroke {
        let entry: Int
        let start: Int
        var end: Int
    }

    /// Blank columns that a stroke runs through rather than ending: taking its colour up again costs more bytes.
    private static let longestGap = 16

    private let image: IndexedImage
    private let palette: SixelPalette
    private var output: [UInt8] = []
    /// For every colour and column the six pixels of the band in hand, without those that have been written.
    private var sixels: [UInt8]
    /// For every column the pixels of the band in hand that have been written in their colour.
    private var drawn: [UInt8]
    /// The strokes of the band in hand, from left to right.
    private var strokes: [Stroke] = []
    /// For every column the first stroke that begins there or later.
    private var firstStrokes: [Int]
    /// For every stroke itself, or when it has been written another one, not later than the next to be written.
    private var successors: [Int] = []

    init(_ image: IndexedImage, _ palette: SixelPalette) {
        self.image = image
        self.palette = palette
        sixels = Array(repeating: 0, count: palette.count * image.width)
        drawn = Array(repeating: 0, count: image.width)
        firstStrokes = Array(repeating: 0, count: image.width + 1)
    }

    /// The sixel string of some rows; a height that is not a multiple of six grows to the next one by repeating the last row.
    mutating func string(rows: Range<Int>) -> [UInt8] {
        let bands = (rows.count + 5) / 6
        // The second parameter says that pixels which are not drawn stay as they are; without it terminals differ.
        output = Array("\u{1B}P0;1;0q\"1;1;\(image.width);\(6 * bands)".utf8)
        define(coloursOf: rows)
        for band in 0..<bands {
            if band > 0 { output.append(UInt8(ascii: "-")) }
            collectStrokes(from: rows.lowerBound + 6 * band, through: rows.upperBound - 1)
            writeStrokes()
        }
        return output + [0x1B, UInt8(ascii: "\\")]
    }

    /// Defines the colours of some rows before anything is drawn: xterm 379 recolours pixels when a colour is defined between them.
    private mutating func define(coloursOf rows: Range<Int>) {
        var isUsed = Array(repeating: false, count: palette.count)
        for entry in image.entries[rows.lowerBound * image.width..<rows.upperBound * image.width] { isUsed[Int(entry)] = true }
        for entry in isUsed.indices where isUsed[entry] { output += palette.definition(of: entry).utf8 }
    }

    /// The size in pixels that a sixel string announces; nil for other bytes.
    static func size(of string: [UInt8]) -> PixelSize? {
        guard string.starts(with: [0x1B, UInt8(ascii: "P")]) else { return nil }
        let header = string.prefix { $0 != UInt8(ascii: "#") }
        let attributes = header.split(separator: UInt8(ascii: "\""), omittingEmptySubsequences: false).dropFirst().first ?? []
        let numbers = attributes.split(separator: UInt8(ascii: ";")).compactMap { Int(String(decoding: $0, as: UTF8.self)) }
        return numbers.count == 4 ? PixelSize(width: numbers[2], height: numbers[3]) : nil
    }

    private mutating func collectStrokes(from top: Int, through bottom: Int) {
        strokes.removeAll(keepingCapacity: true)
        let width = image.width
        let rowStarts = (0..<6).map { min(top + $0, bottom) * width }
        var open = [Int](repeating: -1, count: palette.count)
        image.entries.withUnsafeBufferPointer { entries in
            sixels.withUnsafeMutableBufferPointer { sixels in
                for column in 0..<width {
                    firstStrokes[column] = strokes.count
                    for row in 0..<6 {
                        let entry = Int(entries[rowStarts[row] + column])
                        sixels[entry * width + column] |= 1 << UInt8(row)
                        let stroke = open[entry]
                        if stroke >= 0, column - strokes[stroke].end <= Self.longestGap {
                            strokes[stroke].end = column + 1
                        } else {
                            open[entry] = strokes.count
                            strokes.append(Stroke(entry: entry, start: column, end: column + 1))
                        }
                    }
                }
            }
        }
        firstStrokes[width] = strokes.count
        successors = Array(0...strokes.count)
        putLongFirst()
    }

    /// Of the strokes that begin in one column the longest goes first: what is drawn early may spill over what is still to come.
    private mutating func putLongFirst() {
        for column in 0..<image.width where firstStrokes[column + 1] - firstStrokes[column] > 1 {
            strokes[firstStrokes[column]..<firstStrokes[column + 1]].sort { $0.end > $1.end }
        }
    }

    /// Writes the strokes of the band, each as far left as is free.
    private mutating func writeStrokes() {
        for column in drawn.indices { drawn[column] = 0 }
        var left = strokes.count
        var pen = 0
        while left > 0 {
            let next = firstUnwritten(from: firstStrokes[pen])
            if next == strokes.count {
                output.append(UInt8(ascii: "$"))
                pen = 0
                continue
            }
            write(strokes[next], pen: pen)
            pen = strokes[next].end
            successors[next] = next + 1
            left -= 1
        }
    }

    /// The first stroke from a place in the list on that is still to be written.
    private mutating func firstUnwritten(from start: Int) -> Int {
        var stroke = start
        while successors[stroke] != stroke {
            successors[stroke] = successors[successors[stroke]]
            stroke = successors[stroke]
        }
        return stroke
    }

    private mutating func write(_ stroke: Stroke, pen: Int) {
        output.append(UInt8(ascii: "#"))
        write(number: stroke.entry)
        write(0, count: stroke.start - pen)
        writeSixels(of: stroke)
    }

    /// Writes a stroke as runs of equal sixels, as long as they can be: pixels that get their own colour later may have any until then.
    private mutating func writeSixels(of stroke: Stroke) {
        let base = stroke.entry * image.width
        var run = stroke.start
        while run < stroke.end {
            var sixel: UInt8 = 0
            var forbidden: UInt8 = 0
            var end = run
            while end < stroke.end {
                let needed = sixels[base + end]
                guard (sixel | needed) & (forbidden | drawn[end]) == 0 else { break }
                sixel |= needed
                forbidden |= drawn[end]
                drawn[end] |= needed
                sixels[base + end] = 0
                end += 1
            }
            write(sixel, count: end - run)
            run = end
        }
    }

    private mutating func write(_ sixel: UInt8, count: Int) {
        let byte = sixel + 0x3F
        guard count > 3 else {
            for _ in 0..<count { output.append(byte) }
            return
        }
        output.append(UInt8(ascii: "!"))
        write(number: count)
        output.append(byte)
    }

    private mutating func write(number: Int) {
        if number >= 10 { write(number: number / 10) }
        output.append(UInt8(ascii: "0") + UInt8(number % 10))
    }
}
