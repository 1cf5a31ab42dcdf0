extension Event {
    private static let recordVersion: UInt8 = 1

    /// The record to seal.
    func encoded() -> [UInt8] {
        var writer = RecordWriter()
        writer.write(Self.recordVersion)
        writer.write(time)
        writer.write(kind.rawValue)
        writer.write(actor.kind.rawValue)
        writer.write(actor.name.cut(to: Int(UInt8.max)), length: UInt8.self)
        writer.write(actor.terminal.cut(to: Int(UInt8.max)), length: UInt8.self)
        writer.write(detail.cut(to: Int(UInt16.max)), length: UInt16.self)
        writer.write(number)
        writer.write(UInt16(subjects.count))
        for subject in subjects {
            writer.write(subject.kind.rawValue)
            writer.write(subject.id)
            writer.write(subject.scope)
            writer.write(subject.metadataRevision)
            writer.write(subject.valueRevision)
            writer.write(subject.name, length: UInt16.self)
        }
        return writer.bytes
    }

    /// The event in an opened record.
    init(decoding record: UnsafeRawBufferPointer) throws(RecordError) {
        self = try RecordReader.read(record) { reader throws(RecordError) in
            try reader.version(Self.recordVersion)
            let time = try reader.integer(Int64.self)
            guard let kind = Kind(rawValue: try reader.integer(UInt8.self)),
                let actorKind = Actor.Kind(rawValue: try reader.integer(UInt8.self))
            else { throw RecordError() }
            let actor = Actor(
                kind: actorKind, name: try reader.text(length: UInt8.self),
                terminal: try reader.text(length: UInt8.self))
            let detail = try reader.text(length: UInt16.self)
            let number = try reader.integer(UInt64.self)
            var subjects: [Subject] = []
            for _ in 0..<(try reader.integer(UInt16.self)) { subjects.append(try Subject(reading: &reader)) }
            return Event(kind, by: actor, at: time, detail: detail, number: number, subjects)
        }
    }
}

extension Event.Subject {
    fileprivate init(reading reader: inout RecordReader) throws(RecordError) {
        guard let kind = Kind(rawValue: try reader.integer(UInt8.self)) else { throw RecordError() }
        self.init(
            kind: kind, id: try reader.id(), scope: try reader.id(),
            metadataRevision: try reader.integer(Int64.self), valueRevision: try reader.integer(Int64.self),
            name: try reader.text(length: UInt16.self))
    }

    /// A secret, as it is after the event.
    static func secret(_ metadata: SecretMetadata, _ place: SecretRow.Place) -> Self {
        Self(
            kind: .secret, id: place.id, scope: place.scope, metadataRevision: place.metadataRevision,
            valueRevision: place.valueRevision, name: metadata.name)
    }

    /// A secret that is gone after the event.
    static func deletedSecret(_ place: SecretRow.Place, name: String) -> Self {
        Self(kind: .secret, id: place.id, scope: place.scope, metadataRevision: 0, valueRevision: 0, name: name)
    }

    /// A project of `vault`.
    static func project(_ id: Identifier, _ details: ScopeDetails, vault: Identifier) -> Self {
        Self(kind: .project, id: id, scope: vault, metadataRevision: 0, valueRevision: 0, name: details.name)
    }

    /// A token of `vault`.
    static func token(_ id: Identifier, name: String, vault: Identifier) -> Self {
        Self(kind: .token, id: id, scope: vault, metadataRevision: 0, valueRevision: 0, name: name)
    }
}

extension String {
    /// This, or as many of its first characters as `count` bytes have room for.
    fileprivate func cut(to count: Int) -> String {
        guard utf8.count > count else { return self }
        var text = Substring(self)
        while text.utf8.count > count { text.removeLast() }
        return String(text)
    }
}
