/// Why a backup was not put into a vault's place. Nothing was changed there.
public enum RestoreError: Error, Equatable {
    /// The backup cannot be read, opened, or believed.
    case backup(VaultError)
    /// The vault that is there cannot be opened, read or replaced.
    case vault(VaultError)
    /// The backup is the very file that it would replace.
    case sameFile
    /// The vault that is there is another one, or has other keys.
    case otherVault
    /// The vault that is there was written to since the backup was made, or went another way.
    case newer(vault: UInt64, backup: UInt64)
}

/// What a restored vault is.
public struct Restoration: Sendable, Equatable {
    /// What was found in the backup.
    public let copied: Verification
    /// The epoch that the vault has now: greater than any that this machine has seen of it.
    public let epoch: UInt64
}

/// How failures of the two files are told apart.
extension RestoreError {
    static func ofBackup<R>(_ body: () async throws(VaultError) -> R) async throws(RestoreError) -> R {
        do throws(VaultError) { return try await body() } catch { throw .backup(error) }
    }

    static func ofVault<R>(_ body: () async throws(VaultError) -> R) async throws(RestoreError) -> R {
        do throws(VaultError) { return try await body() } catch { throw .vault(error) }
    }

    /// Runs `body` and turns whatever else it throws into a failure of the vault.
    static func mapping<R>(_ body: () throws -> R) throws(RestoreError) -> R {
        var refusal: RestoreError?
        do {
            return try VaultError.mapping {
                do { return try body() } catch let error as RestoreError {
                    refusal = error
                    throw error
                }
            }
        } catch {
            throw refusal ?? .vault(error)
        }
    }
}
