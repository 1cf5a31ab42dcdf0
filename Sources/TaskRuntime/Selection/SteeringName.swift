/// Names of variables by which programs find the code that they run.
///
/// A secret of such a name, which an agent's token can create, would let its value run as code in every task. The list
/// is that of the variables which sudo(8), ld.so(8), shells, interpreters and git(1) take code or its place from; it cannot
/// be complete.
public enum SteeringName {
    /// Whether a task gets a secret called `name` only when a person names it.
    public static func matches(_ name: String) -> Bool {
        names.contains(name) || prefixes.contains(where: name.hasPrefix)
    }

    private static let prefixes = [
        "BASH_FUNC_", "COFFER_", "CORECLR_PROFILER", "DYLD_", "GIT_CONFIG", "LD_", "LUA_INIT", "NPM_CONFIG_",
        "OPENSSL_", "TF_CLI_",
    ]

    private static let names: Set<String> = [
        // The shell and what it reads.
        "BASHOPTS", "BASH_ENV", "BASH_LOADABLES_PATH", "CDPATH", "ENV", "FPATH", "HOME", "IFS", "INPUTRC", "PATH",
        "PROMPT_COMMAND", "PS4", "SHELL", "SHELLOPTS", "XDG_CONFIG_DIRS", "XDG_CONFIG_HOME", "ZDOTDIR",
        // The C library.
        "GCONV_PATH", "GETCONF_DIR", "GLIBC_TUNABLES", "HOSTALIASES", "LOCPATH", "MALLOC_TRACE", "NLSPATH",
        "RESOLV_HOST_CONF", "TERMINFO", "TERMINFO_DIRS", "TZDIR",
        // Interpreters.
        "CLASSPATH", "DOTNET_STARTUP_HOOKS", "ERL_FLAGS", "GEM_HOME", "GEM_PATH", "GRADLE_OPTS", "JAVA_HOME",
        "JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS", "LUA_CPATH", "LUA_PATH", "MAVEN_OPTS", "NODE_OPTIONS", "NODE_PATH",
        "PERL5DB", "PERL5LIB", "PERL5OPT", "PERL5SHELL", "PERLLIB", "PHPRC", "PHP_INI_SCAN_DIR", "PYTHONBREAKPOINT",
        "PYTHONHOME", "PYTHONINSPECT", "PYTHONPATH", "PYTHONPLATLIBDIR", "PYTHONSTARTUP", "PYTHONUSERBASE",
        "PYTHONWARNINGS", "RUBYLIB", "RUBYOPT", "R_PROFILE", "R_PROFILE_USER",
        // Programs that others start, and their settings.
        "AWS_CONFIG_FILE", "BROWSER", "EDITOR", "EXINIT", "GIT_ASKPASS", "GIT_COMMON_DIR", "GIT_DIR", "GIT_EDITOR",
        "GIT_EXEC_PATH", "GIT_EXTERNAL_DIFF", "GIT_PAGER", "GIT_PROXY_COMMAND", "GIT_SEQUENCE_EDITOR", "GIT_SSH",
        "GIT_SSH_COMMAND", "GIT_TEMPLATE_DIR", "GNUPGHOME", "KUBECONFIG", "LESSCLOSE", "LESSKEY", "LESSOPEN",
        "MANPAGER", "PAGER", "PSQLRC", "SSH_ASKPASS", "SUDO_ASKPASS", "SYSTEMD_PAGER", "VIMINIT", "VISUAL",
        // Builds.
        "AR", "AS", "CARGO_HOME", "CC", "CFLAGS", "COMPILER_PATH", "CXX", "CXXFLAGS", "GCC_EXEC_PREFIX", "GNUMAKEFLAGS",
        "GOENV", "GOFLAGS", "GOROOT", "GOTOOLCHAIN", "LD", "LDFLAGS", "MAKEFILES", "MAKEFLAGS", "RUSTC",
        "RUSTC_WORKSPACE_WRAPPER", "RUSTC_WRAPPER", "RUSTFLAGS",
    ]
}
