/// `NAME<<DELIMITER`, the value's lines and `DELIMITER`, for the file that `$GITHUB_ENV` names.
///
/// Follows actions/runner `FileCommandManager.cs`: on Linux lines end with LF alone, and the value is what stands
/// between the two lines, without its last LF.
enum GitHubDialect {
    static func encode(
        name: String, value: UnsafeRawBufferPointer, to sink: inout some ByteSink & ~Copyable
    ) throws(DialectError) {
        if value.contains(0) { throw DialectError(reason: "contains NUL") }
        if isTakenByRunner(name) { throw DialectError(reason: "is a variable that the runner keeps for itself") }
        let padding = delimiterPadding(for: value)
        sink.append(name: name)
        sink.append("<<")
        appendDelimiter(padding, to: &sink)
        sink.append(value)
        sink.append("\n")
        appendDelimiter(padding, to: &sink)
    }

    private static let delimiter: StaticString = "COFFER_EOF"

    private static func appendDelimiter(_ padding: Int, to sink: inout some ByteSink & ~Copyable) {
        sink.append(delimiter)
        for _ in 0..<padding { sink.append(UInt8(ascii: "_")) }
        sink.append("\n")
    }

    /// How many underscores the delimiter needs behind it: one more than it has in any of the value's lines.
    private static func delimiterPadding(for value: UnsafeRawBufferPointer) -> Int {
        let word = UnsafeRawBufferPointer(start: delimiter.utf8Start, count: delimiter.utf8CodeUnitCount)
        var padding = 0
        for line in value.split(whereSeparator: { $0 == UInt8(ascii: "\n") || $0 == UInt8(ascii: "\r") }) {
            guard line.starts(with: word), line.dropFirst(word.count).allSatisfy({ $0 == UInt8(ascii: "_") }) else {
                continue
            }
            padding = max(padding, line.count - word.count + 1)
        }
        return padding
    }

    /// Whether the runner refuses the variable (`NODE_OPTIONS`) or sets it anew for each step: its `github` context, as
    /// far as it is passed on (`GitHubContext.cs`), and its `runner` context.
    private static func isTakenByRunner(_ name: String) -> Bool {
        switch name {
        case "NODE_OPTIONS",
            "GITHUB_ACTION", "GITHUB_ACTION_PATH", "GITHUB_ACTION_REF", "GITHUB_ACTION_REPOSITORY", "GITHUB_ACTOR",
            "GITHUB_ACTOR_ID", "GITHUB_API_URL", "GITHUB_BASE_REF", "GITHUB_ENV", "GITHUB_EVENT_NAME",
            "GITHUB_EVENT_PATH", "GITHUB_GRAPHQL_URL", "GITHUB_HEAD_REF", "GITHUB_JOB", "GITHUB_OUTPUT", "GITHUB_PATH",
            "GITHUB_REF", "GITHUB_REF_NAME", "GITHUB_REF_PROTECTED", "GITHUB_REF_TYPE", "GITHUB_REPOSITORY",
            "GITHUB_REPOSITORY_ID", "GITHUB_REPOSITORY_OWNER", "GITHUB_REPOSITORY_OWNER_ID", "GITHUB_RETENTION_DAYS",
            "GITHUB_RUN_ATTEMPT", "GITHUB_RUN_ID", "GITHUB_RUN_NUMBER", "GITHUB_SERVER_URL", "GITHUB_SHA",
            "GITHUB_STATE", "GITHUB_STEP_SUMMARY", "GITHUB_TRIGGERING_ACTOR", "GITHUB_WORKFLOW",
            "GITHUB_WORKFLOW_REF", "GITHUB_WORKFLOW_SHA", "GITHUB_WORKSPACE",
            "RUNNER_ARCH", "RUNNER_DEBUG", "RUNNER_ENVIRONMENT", "RUNNER_NAME", "RUNNER_OS", "RUNNER_TEMP",
            "RUNNER_TOOL_CACHE", "RUNNER_WORKSPACE":
            true
        default:
            false
        }
    }
}
