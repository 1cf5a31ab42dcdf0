/// Reads the fields of a JSON body one by one and remembers every fault, so that an answer names all of them at once.
struct RequestFields<Key: CodingKey> {
    private let container: KeyedDecodingContainer<Key>
    private(set) var faults: [FieldFault] = []

    /// Throws ``InvalidRequest`` where the body is no object.
    init(_ decoder: any Decoder, keyedBy: Key.Type) throws {
        do {
            container = try decoder.container(keyedBy: Key.self)
        } catch DecodingError.typeMismatch, DecodingError.valueNotFound {
            throw InvalidRequest(faults: [FieldFault("body", "must be a JSON object")])
        }
    }

    /// The field at `key`, or nil with a fault noted where it is missing, null or of another type.
    mutating func required<T: Decodable>(_ key: Key, _ type: T.Type, called name: String) throws -> T? {
        guard container.contains(key) else {
            note(key, "is required")
            return nil
        }
        return try optional(key, type, called: name)
    }

    /// The field at `key`, or nil where it is absent; null and other types are faults.
    mutating func optional<T: Decodable>(_ key: Key, _ type: T.Type, called name: String) throws -> T? {
        guard container.contains(key) else { return nil }
        do {
            return try container.decode(type, forKey: key)
        } catch DecodingError.typeMismatch, DecodingError.valueNotFound {
            note(key, "must be \(name)")
            return nil
        }
    }

    /// Whether the field is there and null.
    func isNull(_ key: Key) throws -> Bool {
        try container.contains(key) && container.decodeNil(forKey: key)
    }

    /// Remembers that the field at `key` breaks a rule.
    mutating func note(_ key: Key, _ message: String) {
        faults.append(FieldFault("body.\(key.stringValue)", message))
    }

    /// Remembers a fault found by a rule's own check.
    mutating func note(_ fault: FieldFault) {
        faults.append(fault)
    }

    /// Throws ``InvalidRequest`` where any fault was noted.
    func finish() throws {
        guard faults.isEmpty else { throw InvalidRequest(faults: faults) }
    }
}

/// A body that is JSON and breaks the schema.
public struct InvalidRequest: Error, Sendable {
    /// Everything that is wrong with it.
    public let faults: [FieldFault]
}
