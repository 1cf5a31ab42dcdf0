internal import CPlatform
internal import Glibc
internal import Sodium

/// The environment of a task: what is inherited, and secrets in memory of their own, wiped when released.
///
/// swift-subprocess and Foundation's `Process` take the environment as strings, unwiped copies of every secret; nor do
/// they give the child a terminal, or notice that it was stopped. Hence this folder.
public struct EnvironmentBlock: ~Copyable {
    /// The variables that lead to the vault's passphrase begin with this; a task never gets them.
    private static let withheld = "COFFER_PASSPHRASE"

    private var inherited: [UnsafeMutablePointer<CChar>]
    /// `NAME=value`, each ended by a zero byte.
    private var secrets = SecureBuffer(capacity: 4096, isInherited: true)
    private var offsets: [Int] = []

    /// The environment of this process without what leads to the vault's passphrase.
    ///
    /// Its variables are not copied: nothing may change the environment of this process from now on.
    public init() {
        self.init(inheriting: UnsafePointer(coffer_environment()))
    }

    /// `environment`, which ends with nil, without what leads to the vault's passphrase.
    init(inheriting environment: UnsafePointer<UnsafeMutablePointer<CChar>?>) {
        inherited = []
        var next = environment
        while let variable = next.pointee {
            if strncmp(variable, Self.withheld, Self.withheld.utf8.count) != 0 { inherited.append(variable) }
            next += 1
        }
    }

    /// Sets a variable, in place of every other of this name. A value has no zero byte.
    public mutating func set(_ name: String, to value: UnsafeRawBufferPointer) {
        let prefix = Array((name + "=").utf8)
        inherited.removeAll { variable in strncmp(variable, name + "=", prefix.count) == 0 }
        offsets = secrets.withUnsafeBytes { bytes in
            offsets.filter { !bytes[$0...].starts(with: prefix) }
        }
        offsets.append(secrets.count)
        secrets.append(prefix)
        secrets.append(value)
        secrets.append(0)
    }

    /// Lends the block as execve(2) takes it, ended by nil, until `body` returns.
    borrowing func withPointers<R, E>(
        _ body: (UnsafePointer<UnsafeMutablePointer<CChar>?>) throws(E) -> R
    ) throws(E) -> R {
        try secrets.withUnsafeBytes { bytes throws(E) in
            var pointers: [UnsafeMutablePointer<CChar>?] = inherited
            for offset in offsets {
                let variable = bytes.baseAddress!.advanced(by: offset).assumingMemoryBound(to: CChar.self)
                // execve(2) only reads; its declaration is older than `const`.
                pointers.append(UnsafeMutablePointer(mutating: variable))
            }
            pointers.append(nil)
            return try pointers.withUnsafeBufferPointer { (pointers) throws(E) in try body(pointers.baseAddress!) }
        }
    }
}
