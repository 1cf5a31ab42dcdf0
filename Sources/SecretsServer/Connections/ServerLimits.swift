internal import NIOCore

/// How much of the server a client can take, and for how long.
struct ServerLimits: Sendable {
    /// Connections that are open at a time. Each takes a descriptor, of which a process often has 1,024.
    var connections = 512
    /// How long a request may take to arrive, from its first byte to its last.
    var arrival = TimeAmount.seconds(10)
    /// How long a client may leave an answer unread.
    var departure = TimeAmount.seconds(10)
    /// How long a connection may be silent between two requests, in seconds.
    var idle: Int64 = 60
    /// How long a connection that went wrong stays open for its answer to be read, and how long the server waits for slow
    /// clients when it ends.
    var lingering = TimeAmount.seconds(1)
    /// The largest headers, all together, in bytes.
    var headerByteCount = 16 << 10
    /// The most headers.
    var headerCount = 100
    /// The most of a body that is read and thrown away after it was refused, in bytes: a client that sends all of a body
    /// before it reads gets to read why it was refused.
    var discardedByteCount = 8 << 20
    /// Bad tokens from one peer that are answered at once.
    var failures = 100
    /// How many more that become a second.
    var failuresPerSecond = 10
    /// How long the answer to each further one is held back.
    var failureDelay = Duration.seconds(1)
    /// Values that are taken in at a time.
    var values = 1024
}
