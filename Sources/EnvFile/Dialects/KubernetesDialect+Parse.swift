extension KubernetesDialect {
    /// Reads one Secret as YAML, as `kubectl get secret -o yaml` writes it.
    ///
    /// `data` is base64, `stringData` text, which wins over `data` of the same name as in Kubernetes. `data` is handed
    /// over first. Everything else, such as `metadata`, is passed over unread.
    static func parse(_ scanner: Scanner, into sink: inout some EntrySink & ~Copyable) throws(ParseError) {
        if scanner.starts(with: "{") {
            throw scanner.fault("a Secret is read as YAML, not as JSON: kubectl get secret -o yaml")
        }
        let secret = try Secret(scanner)
        let overriding = try names(of: secret.stringData)
        try each(of: secret.data) { (name, position, mapping) throws(ParseError) in
            guard !overriding.contains(name) else { return mapping.passOver() }
            sink.begin(name: name, at: position)
            var nowhere = Nowhere()
            let text = try mapping.value(into: &nowhere)
            try Base64.decode(text, of: mapping.scanner, into: &sink)
            sink.end()
        }
        try each(of: secret.stringData) { (name, position, mapping) throws(ParseError) in
            sink.begin(name: name, at: position)
            try mapping.value(into: &sink)
            sink.end()
        }
    }

    private static func names(of mapping: YAMLMapping?) throws(ParseError) -> Set<String> {
        var names: Set<String> = []
        try each(of: mapping) { (name, _, mapping) throws(ParseError) in
            names.insert(name)
            mapping.passOver()
        }
        return names
    }

    /// Goes through a mapping; `body` has to take or pass over the value.
    private static func each(
        of mapping: YAMLMapping?, _ body: (String, Position, inout YAMLMapping) throws(ParseError) -> Void
    ) throws(ParseError) {
        guard var mapping else { return }
        while let (name, position) = try mapping.nextName() { try body(name, position, &mapping) }
    }

    /// The parts of a Secret that hold entries.
    private struct Secret {
        private(set) var data: YAMLMapping?
        private(set) var stringData: YAMLMapping?

        /// Throws ``ParseError`` for a document of another kind.
        init(_ scanner: Scanner) throws(ParseError) {
            var document = try YAMLMapping(document: scanner)
            var seen: Set<String> = []
            while let (name, position) = try document.nextName() {
                guard seen.insert(name).inserted else {
                    throw ParseError(position: position, reason: "this name stands twice")
                }
                switch name {
                case "kind":
                    var kind = NameSink()
                    let text = try document.value(into: &kind)
                    guard kind.name == "Secret" else {
                        throw scanner.fault("only the kind Secret is read", at: text.lowerBound)
                    }
                case "data": data = try document.takeNested()
                case "stringData": stringData = try document.takeNested()
                default: document.passOver()
                }
            }
            try document.endDocument()
            guard seen.contains("kind") else { throw document.scanner.fault("kind: Secret is missing") }
        }
    }
}
