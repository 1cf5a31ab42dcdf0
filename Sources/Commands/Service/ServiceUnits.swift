/// The units that have systemd start `coffer serve` with the first connection to its port (systemd.unit(5)).
///
/// The server gets its socket from systemd, so it needs no network of its own, and of the files of its user it may write
/// the vault's folder and its own notes alone.
struct ServiceUnits {
    static let serviceName = "coffer.service"
    static let socketName = "coffer.socket"
    /// How the units begin, by which they are known again.
    static let mark = "# Written by 'coffer service install'."

    /// The program, an absolute path, as all that follow are.
    let program: String
    let vault: String
    /// The folder that the vault is in, links followed.
    let vaultFolder: String
    let stateFolder: String
    /// A file with the passphrase; nil for none.
    let credential: String?
    let port: Int
    /// The time without a good token after which the server locks itself; nil for none.
    let idle: TimeSpan?

    /// The name under which the server finds the credential.
    private static let credentialName = "coffer-passphrase"

    /// Whether the vault's folder is this user's home, or one that it is in: the server could then write all of it.
    var isHomeWritable: Bool {
        if vaultFolder == "/" { return true }
        return [Environment["HOME"], LocalUser.home].compactMap { $0.flatMap(Machine.resolved) }
            .contains { "\($0)/".hasPrefix("\(vaultFolder)/") }
    }

    /// Both units, by name.
    var all: [(name: String, text: String)] { [(Self.serviceName, service), (Self.socketName, socket)] }

    var socket: String {
        """
        \(Self.mark)
        [Unit]
        Description=Coffer, the secrets API on loopback

        [Socket]
        ListenStream=127.0.0.1:\(port)

        [Install]
        WantedBy=sockets.target

        """
    }

    var service: String {
        // Variables stand for themselves in the name of the program, and there alone.
        var command = [Self.word(program)] + ["serve", "--vault", vault].map(Self.argument)
        // The credential's folder is known to systemd alone.
        command.append(credential == nil ? "--locked" : "--passphrase-file=%d/\(Self.credentialName)")
        if let idle { command.append("--idle=\(idle)") }
        let passphrase = credential.map { "LoadCredential=\(Self.credentialName):\(Self.specifier($0))\n" } ?? ""
        // `$XDG_STATE_HOME/coffer` is where the program looks.
        let state = stateFolder.prefix(upTo: stateFolder.lastIndex(of: "/")!)
        return """
            \(Self.mark)
            [Unit]
            Description=Coffer, the secrets API on loopback
            Requires=\(Self.socketName)
            After=\(Self.socketName)

            [Service]
            Type=exec
            ExecStart=\(command.joined(separator: " "))
            Environment=\(Self.word("XDG_STATE_HOME=\(state)"))
            \(passphrase)Restart=on-failure
            RestartPreventExitStatus=64 65 66 69 73 76 77

            # What it may write.
            ProtectSystem=strict
            ProtectHome=read-only
            ReadWritePaths=\(Self.word(vaultFolder)) \(Self.word(stateFolder))
            RuntimeDirectory=coffer
            RuntimeDirectoryMode=0700
            RuntimeDirectoryPreserve=yes
            PrivateTmp=yes
            PrivateDevices=yes
            PrivateMounts=yes
            UMask=0077

            # What it may reach: systemd gives it its socket.
            PrivateNetwork=yes
            RestrictAddressFamilies=AF_UNIX

            # What it may become.
            NoNewPrivileges=yes
            PrivateUsers=yes
            CapabilityBoundingSet=
            AmbientCapabilities=
            RestrictNamespaces=yes
            RestrictRealtime=yes
            RestrictSUIDSGID=yes
            LockPersonality=yes
            MemoryDenyWriteExecute=yes
            SystemCallArchitectures=native
            SystemCallFilter=@system-service
            SystemCallFilter=~@privileged @resources
            SystemCallErrorNumber=EPERM

            # What it may see of the machine.
            ProtectProc=invisible
            ProcSubset=pid
            ProtectClock=yes
            ProtectControlGroups=yes
            ProtectHostname=yes
            ProtectKernelLogs=yes
            ProtectKernelModules=yes
            ProtectKernelTunables=yes
            RemoveIPC=yes

            # Keys stay out of swap and core dumps.
            LimitMEMLOCK=64M
            LimitCORE=0

            """
    }

    /// What the command line of the server has of a vault at `path`.
    static func words(for path: String) -> String { ["--vault", path].map(argument).joined(separator: " ") }

    /// A word of `ExecStart=`, in which `$` stands for variables.
    private static func argument(_ text: String) -> String {
        word(text.split(separator: "$", omittingEmptySubsequences: false).joined(separator: "$$"))
    }

    /// A word of a list, in which `%` stands for specifiers, and blanks, quotes and backslashes for themselves (systemd.syntax(7)).
    private static func word(_ text: String) -> String {
        var quoted = "\""
        for character in specifier(text).unicodeScalars {
            if character == "\"" || character == "\\" { quoted.append("\\") }
            quoted.unicodeScalars.append(character)
        }
        return quoted + "\""
    }

    private static func specifier(_ text: String) -> String {
        text.split(separator: "%", omittingEmptySubsequences: false).joined(separator: "%%")
    }
}
