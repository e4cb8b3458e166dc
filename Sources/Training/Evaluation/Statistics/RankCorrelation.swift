/// How monotonically one series of numbers rises with another, −1…1: the correlation of their ranks, equal numbers sharing theirs
/// (Spearman, 1904); 0 when a series does not change.
func rankCorrelation(_ a: [Double], _ b: [Double]) -> Double {
    let (a, b) = (centred(ranks(a)), centred(ranks(b)))
    let spread = (sumOfProducts(a, a) * sumOfProducts(b, b)).squareRoot()
    return spread > 0 ? sumOfProducts(a, b) / spread : 0
}

private func ranks(_ numbers: [Double]) -> [Double] {
    numbers.map { number in
        let below = numbers.filter { $0 < number }.count
        let equal = numbers.filter { $0 == number }.count
        return Double(below) + Double(equal - 1) / 2
    }
}

private func centred(_ numbers: [Double]) -> [Double] {
    let mean = numbers.reduce(0, +) / Double(max(numbers.count, 1))
    return numbers.map { $0 - mean }
}

private func sumOfProducts(_ a: [Double], _ b: [Double]) -> Double { zip(a, b).reduce(0) { $0 + $1.0 * $1.1 } }
