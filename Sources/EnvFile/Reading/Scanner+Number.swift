extension Scanner {
    /// Takes up to `limit` digits, 8 at most; nil when none comes next.
    mutating func takeNumber(radix: Int, atMost limit: Int) -> UInt32? {
        let start = index
        var number: UInt32 = 0
        while index - start < limit, let byte = next, let digit = Character(Unicode.Scalar(byte)).hexDigitValue,
            digit < radix
        {
            number = number * UInt32(radix) + UInt32(digit)
            index += 1
        }
        return index == start ? nil : number
    }
}
