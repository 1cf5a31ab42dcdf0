/// A Secret manifest, one line of base64 (RFC 4648, 4) per entry.
///
/// The base64 stands in quotes, as some is a number or a truth value to YAML. Kubernetes allows 1 MiB of data in all,
/// which an encoder of single entries cannot see to.
enum KubernetesDialect {
    static func begin(_ sink: inout some ByteSink & ~Copyable) {
        sink.append("apiVersion: v1\nkind: Secret\nmetadata:\n  name: coffer\ntype: Opaque\ndata:\n")
    }

    static func encode(
        name: String, value: UnsafeRawBufferPointer, to sink: inout some ByteSink & ~Copyable
    ) throws(DialectError) {
        if value.contains(0) { throw DialectError(reason: "contains NUL") }
        sink.append("  ")
        YAMLDialect.append(name: name, to: &sink)
        sink.append(": \"")
        Base64.append(value, to: &sink)
        sink.append("\"\n")
    }
}
