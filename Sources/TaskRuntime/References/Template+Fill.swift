public import Sodium

extension Template {
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
