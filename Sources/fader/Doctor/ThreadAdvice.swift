/// Settings of OpenMP that make Fader slow.
enum ThreadAdvice {
    /// What to do about a setting; nil when it does no harm.
    static func advice(on name: String, _ value: String, cores: Int) -> String? {
        switch name {
        case "OMP_NUM_THREADS", "MKL_NUM_THREADS":
            guard let count = Int(value), count > 0 else { return nil }
            if count < cores { return "\(name)=\(value) leaves cores idle: there are \(cores)." }
            return count > cores ? "\(name)=\(value) is more than the \(cores) cores: threads will wait for each other." : nil
        case "OMP_WAIT_POLICY" where value.lowercased() == "active":
            return "OMP_WAIT_POLICY=active keeps cores busy with waiting: unset it, or set it to passive."
        case "OMP_PROC_BIND" where !["false", ""].contains(value.lowercased()):
            return "OMP_PROC_BIND=\(value) ties threads to cores, which other programs may be using: unset it."
        default: return nil
        }
    }
}
