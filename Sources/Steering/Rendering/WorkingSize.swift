import Foundation
import Networks
import Pictures

/// The size at which the model works on a picture: sides that its levels divide, and no more pixels than the pack is made for.
struct WorkingSize: Equatable {
    let width, height: Int

    /// That of a picture which has it already.
    init(of fitted: Picture) { (width, height) = (fitted.width, fitted.height) }

    /// - Parameters:
    ///   - downscaling: how many pixels make one latent, f; sides are multiples of f², as in Kandinsky's own pipeline.
    ///   - limit: the largest number of pixels.
    init(width: Int, height: Int, downscaling: Int, limit: Int) {
        let unit = downscaling * downscaling
        if width % unit == 0 && height % unit == 0 && width * height <= limit {
            self.width = width
            self.height = height
            return
        }
        let scale = min(1, (Double(limit) / Double(width * height)).squareRoot())
        func side(_ pixels: Int) -> Int { max(1, Int((Double(pixels) * scale / Double(unit)).rounded())) * unit }
        self.width = side(width)
        self.height = side(height)
    }
}
