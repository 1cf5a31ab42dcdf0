internal import ArgumentParser
internal import Sodium

/// What deriving the key from a passphrase is to cost.
struct CostOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Memory that opening the vault takes, in MiB, 19 to 2048; 256 for a new vault.", valueName: "mib"))
    var kdfMemory: Int64?

    @Option(help: ArgumentHelp("Passes over that memory, 2 to 16; 3 for a new vault.", valueName: "n"))
    var kdfPasses: Int64?

    /// Whether anything was said.
    var isGiven: Bool { kdfMemory != nil || kdfPasses != nil }

    /// The cost, where nothing was said as in `usual`. Throws ``Failure`` where it is out of bounds.
    func cost(else usual: PasswordHash.Cost) throws(Failure) -> PasswordHash.Cost {
        let memory = kdfMemory?.multipliedClamped(by: 1 << 20) ?? Int64(usual.memory)
        guard let cost = try? PasswordHash.Cost(operations: kdfPasses ?? Int64(usual.operations), memory: memory) else {
            throw Failure(
                .badInput, "the cost of opening is out of bounds",
                hint: "--kdf-memory is 19 to 2048, --kdf-passes 2 to 16")
        }
        return cost
    }
}

extension Int64 {
    /// The product, or the greatest integer where that is greater still.
    fileprivate func multipliedClamped(by factor: Int64) -> Int64 {
        let (product, overflow) = multipliedReportingOverflow(by: factor)
        return overflow ? .max : product
    }
}
