/// Arithmetic as typed for a slider: `12.5`, `*2`, `+3`, `-1`, `x/2 + 1`, where `x` is the value so far.
///
/// An operator at the beginning applies to the value so far, but a minus is a sign: `-3` is minus three, `x-3` three less.
public struct Expression {
    /// The largest result that makes sense as an activation.
    private static let bound = 1e6

    private var rest: Substring
    private let x: Double

    private init(_ text: String, x: Double) {
        rest = text.filter { $0 != " " }[...]
        self.x = x
    }

    /// The value of an expression, or nil when it is none or its value is out of bounds.
    public static func value(of text: String, x: Float) -> Float? {
        var expression = Expression(text, x: Double(x))
        guard let result = expression.whole(), expression.rest.isEmpty, abs(result) <= bound else { return nil }
        return Float(result)
    }

    private mutating func whole() -> Double? {
        guard let first = rest.first, "+*/".contains(first) else { return sum() }
        rest = "x" + rest
        return sum()
    }

    private mutating func sum() -> Double? {
        guard var result = product() else { return nil }
        while let sign = take("+-") {
            guard let next = product() else { return nil }
            result += sign == "+" ? next : -next
        }
        return result
    }

    private mutating func product() -> Double? {
        guard var result = factor() else { return nil }
        while let sign = take("*/") {
            guard let next = factor() else { return nil }
            result = sign == "*" ? result * next : result / next
        }
        return result
    }

    private mutating func factor() -> Double? {
        if take("-") != nil { return factor().map { -$0 } }
        if take("x") != nil { return x }
        if take("(") != nil {
            guard let inner = sum(), take(")") != nil else { return nil }
            return inner
        }
        return number()
    }

    private mutating func number() -> Double? {
        let digits = rest.prefix { $0.isNumber || $0 == "." }
        rest.removeFirst(digits.count)
        return Double(digits)
    }

    private mutating func take(_ characters: String) -> Character? {
        guard let first = rest.first, characters.contains(first) else { return nil }
        return rest.removeFirst()
    }
}
