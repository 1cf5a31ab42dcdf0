/// A reader of env files, by whose rules a file is written and read. There is no encoding that all of them understand.
public enum Dialect: String, CaseIterable, Sendable {
    /// bash and dash (`source`), and systemd (`EnvironmentFile=`).
    case shell
    /// python-dotenv and its kin.
    case dotenv
    /// Docker Compose (`env_file:`, `.env`), where versions 1 and 2 agree.
    case compose
    /// `docker run --env-file`.
    case docker
    /// Node's `--env-file` and `util.parseEnv`.
    case node
    /// One JSON object of strings (RFC 8259).
    case json
    /// One YAML mapping of strings.
    case yaml
    /// The file that `$GITHUB_ENV` names in a GitHub workflow.
    case github
    /// fish (`source`).
    case fish
    /// A Kubernetes Secret manifest.
    case kubernetes

    /// Writes what stands before the first entry.
    public func begin(_ sink: inout some ByteSink & ~Copyable) {
        switch self {
        case .json: JSONDialect.begin(&sink)
        case .kubernetes: KubernetesDialect.begin(&sink)
        case .shell, .dotenv, .compose, .docker, .node, .yaml, .github, .fish: break
        }
    }

    /// Writes one entry; `isFirst` tells whether none was written before it.
    ///
    /// `name` is UPPER_SNAKE_CASE; `value` is UTF-8. Throws ``DialectError`` for an entry that no encoding of this
    /// dialect can hold; what was written to `sink` until then is not to be used.
    public func encode(
        name: String, value: UnsafeRawBufferPointer, isFirst: Bool, to sink: inout some ByteSink & ~Copyable
    ) throws(DialectError) {
        switch self {
        case .shell: try ShellDialect.encode(name: name, value: value, to: &sink)
        case .dotenv: try DotenvDialect.encode(name: name, value: value, to: &sink)
        case .compose: try ComposeDialect.encode(name: name, value: value, to: &sink)
        case .docker: try DockerDialect.encode(name: name, value: value, to: &sink)
        case .node: try NodeDialect.encode(name: name, value: value, to: &sink)
        case .json: try JSONDialect.encode(name: name, value: value, isFirst: isFirst, to: &sink)
        case .yaml: try YAMLDialect.encode(name: name, value: value, to: &sink)
        case .github: try GitHubDialect.encode(name: name, value: value, to: &sink)
        case .fish: try FishDialect.encode(name: name, value: value, to: &sink)
        case .kubernetes: try KubernetesDialect.encode(name: name, value: value, to: &sink)
        }
    }

    /// Writes what stands behind the last entry.
    public func end(_ sink: inout some ByteSink & ~Copyable) {
        switch self {
        case .json: JSONDialect.end(&sink)
        case .shell, .dotenv, .compose, .docker, .node, .yaml, .github, .fish, .kubernetes: break
        }
    }

    /// Reads the whole of `file` and hands each entry, in order, to `sink`.
    ///
    /// A byte order mark is passed over. Nothing is ever expanded or carried out: `$OTHER` and `$(command)` stay as
    /// they stand. Names are handed over as written, whatever their form. Throws ``ParseError``; what `sink` got until
    /// then is not to be used.
    public func parse(_ file: UnsafeRawBufferPointer, into sink: inout some EntrySink & ~Copyable) throws(ParseError) {
        let scanner = try Scanner(file)
        switch self {
        case .shell: try ShellDialect.parse(scanner, into: &sink)
        case .dotenv: try DotenvDialect.parse(scanner, into: &sink)
        case .compose: try ComposeDialect.parse(scanner, into: &sink)
        case .docker: try DockerDialect.parse(scanner, into: &sink)
        case .node: try NodeDialect.parse(scanner, into: &sink)
        case .json: try JSONDialect.parse(scanner, into: &sink)
        case .yaml: try YAMLDialect.parse(scanner, into: &sink)
        case .github: try GitHubDialect.parse(scanner, into: &sink)
        case .fish: try FishDialect.parse(scanner, into: &sink)
        case .kubernetes: try KubernetesDialect.parse(scanner, into: &sink)
        }
    }
}
