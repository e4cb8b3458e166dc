import Steering
import Terminal

/// A number that is being typed for a slider, in the place of its bar.
struct ValueField: Overlay {
    private static let limit = 64
    private static let accepted = Set("0123456789.,+-*/()xeE% ")
    /// What a value can begin with where other characters are keys.
    private static let beginnings = Set("0123456789.,+-*/(")

    let handle: Handle
    private(set) var field: TextField

    init(_ handle: Handle) {
        self.handle = handle
        field = TextField(limit: Self.limit, accepting: Self.accepted)
    }

    /// Whether typing the character begins a value.
    static func begins(with character: Character) -> Bool { beginnings.contains(character) }

    mutating func press(_ press: KeyPress, _ state: inout State) -> Response {
        if press.key == .enter { return answer(&state) }
        let outcome = field.press(press)
        // The key that quits closes the field, if it cannot be part of a value.
        if case .refused(.characters) = outcome, state.bindings.action(for: press) == Action(SessionAction.quit) { return .passed }
        return response(to: outcome, &state)
    }

    mutating func paste(_ text: String, _ state: inout State) -> Response { response(to: field.paste(text), &state) }

    private func response(to outcome: TextField.Outcome, _ state: inout State) -> Response {
        guard case .refused(.characters(let characters)) = outcome else { return state.response(to: outcome) }
        return .stays(
            state.refuse(
                "\"\(characters.prefix(20))\" cannot be part of a value: type digits, . or , for decimals, + - * / ( ), x, e or %."))
    }

    /// The value that the text stands for now; nil when it is none.
    func result(in state: State) -> Double? {
        switch handle {
        case .feature(let index): state.features.list[index].flatMap { ValueExpression.result(of: field.text, x: state.value(of: $0)) }
        case .strength(let part):
            state.stack.strength(of: part).flatMap { ValueExpression.result(of: field.text, x: $0 * 100, percentIsUnit: true) }
        }
    }

    /// Sets the value; what is none is refused, and typing goes on.
    private func answer(_ state: inout State) -> Response {
        let text = field.text
        switch handle {
        case .feature(let index):
            guard let feature = state.features.list[index] else { return .closes() }
            guard let result = result(in: state) else {
                return .stays(state.refuse("\"\(text)\" is not a value: type a number, or for instance *2, +3, x-3, x/2 or 50%."))
            }
            guard let value = ValueExpression.value(result) else {
                return .stays(state.refuse("\"\(text)\" is out of range: values lie \(Ranges.value.text)."))
            }
            return .closes(state.set(feature, to: value))
        case .strength(let part):
            let bounds = Strength.range.lowerBound * 100...Strength.range.upperBound * 100
            guard let percent = result(in: state).map({ Float($0) }), bounds.contains(percent) else {
                return .stays(state.refuse("\"\(text)\" is not a strength: type a number from 0 to 200, or for instance x/2."))
            }
            return .closes(state.set(part, toStrength: percent / 100))
        }
    }
}

extension ValueField {
    /// The pane of the slider draws the field.
    func draw(with painter: inout Painter, _ state: State, _ layout: Layout) {}

    func hints(in state: State) -> [KeyHint] {
        let ends = [("Enter", "set"), ("Esc", "cancel"), ("x", "now"), ("*2 +3 x-3", "calculate")]
        return switch handle {
        case .feature: ends + [("-3", "below 0"), ("50%", "half of now")]
        case .strength: ends + [("50", "percent")]
        }
    }
}

extension Painter {
    /// Draws the number and what it comes to.
    mutating func draw(_ value: ValueField, _ state: State, in area: Rectangle) {
        canvas.fill(area)
        let begin = write("= ", column: area.column, row: area.row, columns: area.columns, style: theme.keyName)
        let used =
            begin + draw(value.field, column: area.column + begin, row: area.row, columns: area.columns - begin, style: theme.keyName)
        let hint =
            value.field.isEmpty
            ? "Enter sets, Esc leaves" : value.result(in: state).map { "Enter sets \(Float($0).short)" } ?? "not a value yet"
        write(hint, endingAt: area.endColumn, row: area.row, columns: area.columns - used - 1, style: theme.faint)
    }
}

extension State {
    /// The number that is being typed for a slider, if one is.
    var valueField: ValueField? { overlays.first(ValueField.self) }

    /// Types a value for the selected slider.
    mutating func typeValue() -> [Effect] { selectedHandle.map { show(ValueField($0)) } ?? [] }

    /// Begins a value with the character that was typed.
    mutating func beginValue(with press: KeyPress) -> [Effect] {
        guard let handle = selectedHandle, press.modifiers.isEmpty, case .character(let character) = press.key,
            ValueField.begins(with: character)
        else { return [] }
        return show(ValueField(handle)) + (hear { $0.press(press, &$1) } ?? [])
    }
}
