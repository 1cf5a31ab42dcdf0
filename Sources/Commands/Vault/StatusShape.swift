internal import SecretsAPI
internal import Sodium
internal import Vault

/// What `coffer status --json` prints.
struct StatusShape: Encodable {
    struct Session: Encodable {
        let ends_at: String
        let idle_seconds: UInt32
        let unused_seconds_left: Int64?
    }

    struct Server: Encodable {
        let process: Int?
        /// Missing where it did not answer.
        let locked: Bool?
    }

    struct Slot: Encodable {
        let number: Int64
        let kind: String
        let memory_bytes: UInt64
        let passes: UInt32
    }

    let vault: String
    let id: String
    let schema_version: Int
    let locked: Bool
    let session: Session?
    let servers: [Server]
    let slots: [Slot]
    let secrets: Int
    let projects: Int
    let tokens: Int

    init(
        _ path: String, _ summary: VaultSummary, _ open: OpenSession?,
        _ servers: [(process: String, answer: ControlMessage.Answer?)], now: Int64
    ) {
        vault = path
        id = summary.id.description
        schema_version = summary.schemaVersion
        locked = open == nil
        session = open.map {
            Session(
                ends_at: Timestamp.text(now + $0.session.remaining), idle_seconds: $0.session.idle,
                unused_seconds_left: $0.unused)
        }
        self.servers = servers.map {
            Server(process: Int($0.process), locked: $0.answer.map { answer in answer == .locked })
        }
        slots = summary.slots.map {
            Slot(
                number: $0.number, kind: $0.kind.rawValue, memory_bytes: $0.cost.memory,
                passes: $0.cost.operations)
        }
        secrets = summary.secrets
        projects = summary.scopes - 1
        tokens = summary.tokens
    }
}
