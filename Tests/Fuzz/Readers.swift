// The second target of scripts/fuzz: what the vault and the server read that others may have written.
internal import Dispatch
internal import Glibc
internal import HTTPTypes
internal import Sodium
internal import Synchronization

@testable internal import Vault

/// The reader that COFFER_FUZZ_TARGET names.
private let reader: @Sendable (UnsafeRawBufferPointer) -> Void = {
    switch variable("COFFER_FUZZ_TARGET") {
    case "header": checkHeader
    case "records": readRecords
    case "tokens": readToken
    default: fatalError("COFFER_FUZZ_TARGET must name a reader")
    }
}()

/// Reads any bytes; what is taken for good must be so.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzOneInput(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    reader(UnsafeRawBufferPointer(start: start, count: count))
    return 0
}

/// The folder in which the vault and the file with a header lie, an empty one that COFFER_FUZZ_FOLDER names.
private let folder = variable("COFFER_FUZZ_FOLDER")

private func variable(_ name: String) -> String {
    guard let value = getenv(name) else { fatalError("\(name) is not set") }
    return String(cString: value)
}

// The header of a file

private let headerFile: Int32 = {
    let descriptor = open(folder + "/header", O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { fatalError("the file with the header cannot be made") }
    return descriptor
}()

/// A file that passes the check begins as a vault of this version does.
@Sendable private func checkHeader(_ input: UnsafeRawBufferPointer) {
    guard ftruncate(headerFile, off_t(input.count)) == 0,
        pwrite(headerFile, input.baseAddress, input.count, 0) == input.count
    else { fatalError("the file with the header cannot be written") }
    do throws(VaultError) { try VaultFile(path: folder + "/header").check() } catch { return }
    guard input.count >= 100, input.starts(with: "SQLite format 3\0".utf8), input[68..<72].elementsEqual("COFF".utf8)
    else {
        fatalError("what is no vault has passed the check")
    }
}

// Opened records

private let id = Identifier(bytes: [UInt8](repeating: 7, count: Identifier.byteCount))!

/// There is one way to write a record: what reads as one must be written as it was read.
@Sendable private func readRecords(_ input: UnsafeRawBufferPointer) {
    expect(input) { record throws(RecordError) in try ScopeDetails(decoding: record).encoded() }
    expect(input) { record throws(RecordError) in
        try SecretMetadata(decoding: record, id: id, scope: id).encoded()
    }
    expect(input) { record throws(RecordError) in try SecretVersion(decoding: record, revision: 1).encoded() }
    expect(input) { record throws(RecordError) in try TokenDetails(decoding: record).encoded() }
    expect(input) { record throws(RecordError) in try VaultState(decoding: record).encoded() }
    expect(input) { record throws(RecordError) in try Event(decoding: record).encoded() }
}

private func expect(
    _ input: UnsafeRawBufferPointer, _ again: (UnsafeRawBufferPointer) throws(RecordError) -> [UInt8]
) {
    let written: [UInt8]
    do throws(RecordError) { written = try again(input) } catch { return }
    guard input.elementsEqual(written) else { fatalError("a record is written otherwise than it was read") }
}

// Tokens

private let authenticator: Authenticator = blocking {
    let passphrase = SecureBytes(copying: Array("fuzz".utf8))
    let cost = try PasswordHash.Cost(operations: 2, memory: 19 << 20)
    try await Vault.create(
        at: folder + "/vault", passphrase: passphrase, cost: cost, by: .token("fuzz"), now: 1)
    let vault = try await Vault.open(at: folder + "/vault")
    try await vault.unlock(passphrase: passphrase)
    return Authenticator(vault: vault, now: { 1 })
}

/// No token was issued, so there is none that is good, whatever it says.
@Sendable private func readToken(_ input: UnsafeRawBufferPointer) {
    let text = String(decoding: input, as: UTF8.self)
    for headers in [
        HTTPFields([HTTPField(name: .authorization, value: "Bearer " + text)]),
        HTTPFields([HTTPField(name: .authorization, value: text)]),
        HTTPFields([HTTPField(name: .xAPIKey, value: text)]),
    ] {
        let isGood = blocking {
            do throws(AuthenticationError) {
                _ = try await authenticator.authenticate(headers, alongside: nil)
                return true
            } catch { return false }
        }
        guard !isGood else { fatalError("a token that nobody issued was taken") }
    }
}

/// Waits for what `body` gives.
private func blocking<R: Sendable>(_ body: @escaping @Sendable () async throws -> R) -> R {
    let result = Result<R>()
    let done = DispatchSemaphore(value: 0)
    Task {
        guard let value = try? await body() else { fatalError("there is no vault to read tokens with") }
        result.value.withLock { $0 = value }
        done.signal()
    }
    done.wait()
    return result.value.withLock { $0! }
}

/// What a task has found.
private final class Result<R: Sendable>: Sendable {
    let value = Mutex<R?>(nil)
}
