public import Sodium

extension Template {
    /// How many bytes the template has when it is filled with `values`; nil for more than fit an integer.
    public func filledCount(with values: SecureList) -> Int? {
        values.reading { values in
            var count = 0
            for piece in pieces {
                let (sum, overflow) =
                    switch piece {
                    case .text(let range): count.addingReportingOverflow(range.count)
                    case .reference(let index):
                        count.addingReportingOverflow(values.withUnsafeBytes(at: index) { $0.count })
                    }
                guard !overflow else { return nil }
                count = sum
            }
            return count
        }
    }

    /// `template`, which this was read from, with the values of ``names``, in their order, in place of the references.
    public func filled(_ template: UnsafeRawBufferPointer, with values: SecureList) -> SecureBytes {
        values.reading { values in
            var result = SecureBuffer(capacity: template.count + values.count * 64)
            for piece in pieces {
                switch piece {
                case .text(let range): result.append(UnsafeRawBufferPointer(rebasing: template[range]))
                case .reference(let index): values.withUnsafeBytes(at: index) { result.append($0) }
                }
            }
            return result.finish()
        }
    }
}
