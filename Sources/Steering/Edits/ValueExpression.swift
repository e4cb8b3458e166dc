/// Arithmetic as typed for a slider: `12.5` or `12,5`, `*2`, `+3`, `-1`, `x/2 + 1`, `1e3`, `50%`, where `x` is the value so far.
///
/// An operator at the beginning applies to the value so far, but a minus is a sign: `-3` is minus three, `x-3` three less. Percentages are as on a
/// pocket calculator: `50%` is half the value so far, `x+10%` a tenth more, `x*50%` half.
public struct ValueExpression {
    /// The most parentheses and signs inside each other.
    private static let deepest = 64

    private var rest: Substring
    private let x: Double
    private let percentIsUnit: Bool
    private var depth = 0

    private init(_ text: String, x: Double, percentIsUnit: Bool) {
        rest = text.filter { $0 != " " }[...]
        self.x = x
        self.percentIsUnit = percentIsUnit
    }

    /// The value of an expression, or nil when it is none or its value is out of bounds.
    public static func value(of text: String, x: Float) -> Float? { result(of: text, x: x).flatMap(value) }

    /// The value of an expression that comes out as a whole number.
    public static func wholeNumber(_ text: String, x: Int) -> Int? { value(of: text, x: Float(x)).flatMap { Int(exactly: $0) } }

    /// A result as an activation; nil when it is out of bounds.
    public static func value(_ result: Double) -> Float? { Ranges.value.contains(Float(result)) ? Float(result) : nil }

    /// What an expression comes to, however large; nil when it is none.
    /// - Parameters:
    ///   - percentIsUnit: whether the value is a number of percents, so that `50%` is 50 and not half the value so far.
    ///   - text: the expression.
    ///   - x: the value so far.
    public static func result(of text: String, x: Float, percentIsUnit: Bool = false) -> Double? {
        var expression = ValueExpression(text, x: Double(x), percentIsUnit: percentIsUnit)
        guard let result = expression.whole(), expression.rest.isEmpty, result.isFinite else { return nil }
        return result
    }

    private mutating func whole() -> Double? {
        if let first = rest.first, "+*/".contains(first) { rest = "x" + rest }
        return sum()
    }

    private mutating func sum() -> Double? {
        guard let first = product() else { return nil }
        var result = first.isPercentage ? points(first.value, of: x) : first.value
        while let sign = take("+-") {
            guard let next = product() else { return nil }
            let change = next.isPercentage ? points(next.value, of: result) : next.value
            result += sign == "+" ? change : -change
        }
        return result
    }

    private mutating func product() -> (value: Double, isPercentage: Bool)? {
        guard var result = factor() else { return nil }
        while let sign = take("*/") {
            guard let next = factor() else { return nil }
            result = (sign == "*" ? result.value * next.value : result.value / next.value, false)
        }
        return result
    }

    private mutating func factor() -> (value: Double, isPercentage: Bool)? {
        depth += 1
        defer { depth -= 1 }
        guard depth <= Self.deepest else { return nil }
        if take("-") != nil { return factor().map { (-$0.value, $0.isPercentage) } }
        if take("x") != nil { return (x, false) }
        if take("(") != nil {
            guard let inner = sum(), take(")") != nil else { return nil }
            return (inner, false)
        }
        guard let number = number() else { return nil }
        return take("%") == nil ? (number, false) : (number / 100, true)
    }

    /// What a percentage comes to that is not a factor.
    private func points(_ share: Double, of value: Double) -> Double { percentIsUnit ? share * 100 : share * value }

    /// Digits with a point or a comma for decimals, and a power of ten.
    private mutating func number() -> Double? {
        var text = takeAll("0123456789.,").replacing(",", with: ".")
        if let mark = take("eE") {
            text.append(mark)
            if let sign = take("+-") { text.append(sign) }
            text += takeAll("0123456789")
        }
        return Double(text)
    }

    private mutating func takeAll(_ characters: String) -> String {
        let taken = rest.prefix { characters.contains($0) }
        rest.removeFirst(taken.count)
        return String(taken)
    }

    private mutating func take(_ characters: String) -> Character? {
        guard let first = rest.first, characters.contains(first) else { return nil }
        return rest.removeFirst()
    }
}
